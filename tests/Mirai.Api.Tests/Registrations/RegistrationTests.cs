using System.Net;
using System.Text;
using System.Text.Json;

namespace Mirai.Api.Tests.Registrations;

internal sealed class RegistrationTests : ApiTest
{
    private const string Path = "/api/registrations";

    [Test]
    public async Task Post_StoresAPendingRegistration_ThatCanBeReadBack()
    {
        var response = await PostAsync(Path, Json("""{"email":"ann@example.org","name":"Ann \"A\" Müller"}"""));

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        var created = await JsonAsync(response);
        var id = created.GetProperty("id").GetGuid();
        Assert.That(response.Headers.Location!.ToString(), Is.EqualTo($"{Path}/{id}"));
        Assert.That(
            created.EnumerateObject().Select(member => member.Name),
            Is.EqualTo(new[] { "id", "email", "name", "state", "createdAt", "expiresAt", "paymentUrl" }));
        Assert.That(
            (Text(created, "email"), Text(created, "name"), Text(created, "state")),
            Is.EqualTo(("ann@example.org", "Ann \"A\" Müller", "pending")));
        Assert.That(
            created.GetProperty("expiresAt")
                .GetDateTimeOffset() - created.GetProperty("createdAt").GetDateTimeOffset(),
            Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(Text(created, "paymentUrl"), Is.EqualTo(
            $"https://buy.stripe.com/x?client_reference_id={id}&prefilled_email=ann%40example.org"));
        var read = JsonDocument.Parse(await Client.GetStringAsync($"{Path}/{id}")).RootElement;
        Assert.That(Text(read, "state"), Is.EqualTo("pending"));
    }

    [TestCase("{}", new[] { "email", "name" })]
    [TestCase("""{"email":"ann","name":"Ann"}""", new[] { "email" })]
    [TestCase("""{"email":"Ann <ann@example.org>","name":"Ann"}""", new[] { "email" })]
    [TestCase("""{"email":"ann@example.org","name":" "}""", new[] { "name" })]
    [TestCase("""{"email":"ann@example.org","name":"a\u0000b"}""", new[] { "name" })]
    [TestCase("""{"email":5,"name":"Ann"}""", new[] { "email" })]
    [TestCase("""{"email":"ann@example.org","name":"Ann","state":"completed"}""", new[] { "state" })]
    [TestCase("[]", new[] { "body" })]
    public async Task Post_NamesEveryWrongField(string body, string[] fields)
    {
        var problem = await ProblemAsync(await PostAsync(Path, Json(body)), HttpStatusCode.BadRequest);

        Assert.That(Fields(problem), Is.EqualTo(fields));
        Assert.That(await Api.Database.QueryAsync("SELECT * FROM registrations WHERE \"Name\" = 'a'"), Is.Empty);
    }

    [Test]
    public async Task Post_RefusesABodyThatIsTooLarge()
    {
        var body = $$"""{"email":"ann@example.org","name":"{{new string('a', 20_000)}}"}""";

        await ProblemAsync(await PostAsync(Path, Json(body)), HttpStatusCode.RequestEntityTooLarge);
    }

    [TestCase("nope")]
    [TestCase("0198c0de-0000-7000-8000-00000000000a")]
    public async Task Get_FindsNothing_WhenThereIsNone(string id) => Assert.That(
        (await ProblemAsync(await Client.GetAsync($"{Path}/{id}"), HttpStatusCode.NotFound))
            .GetProperty("detail").GetString(),
        Is.EqualTo($"There is no registration \"{id}\", or it has expired."));

    protected override ApiHost CreateApi() => new(RedisUrl, new Dictionary<string, string>
    {
        ["Registrations:Lifetime"] = "01:00:00",
        ["Registrations:PaymentLink"] = "https://buy.stripe.com/x",
    });

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
