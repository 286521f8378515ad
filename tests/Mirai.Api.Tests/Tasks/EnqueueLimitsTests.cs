using System.Net;
using System.Text;
using Mirai.Testing;

namespace Mirai.Api.Tests.Tasks;

internal sealed class EnqueueLimitsTests : ApiTest
{
    private const int Limit = 1024 * 1024;

    [TestCase(false)]
    [TestCase(true)]
    public async Task Post_TakesPayload_WhenItIsJustAtTheLimit(bool chunked)
    {
        var response = await PostAsync("/api/tasks", Json(PayloadOf(Limit)), chunked);

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        Assert.That((await MessageAsync("default", "a")).Payload, Has.Length.EqualTo(Limit));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Post_TakesBytes_WhenTheyAreJustAtTheLimit(bool chunked)
    {
        var response = await PostAsync("/api/tasks", Json(Base64Of(Limit)), chunked);

        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        Assert.That((await MessageAsync("default", "a")).Payload, Has.Length.EqualTo(Limit));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Post_IsRefused_WhenPayloadIsOverTheLimit(bool chunked)
    {
        var problem = await ProblemAsync(
            await PostAsync("/api/tasks", Json(PayloadOf(Limit + 1)), chunked), HttpStatusCode.RequestEntityTooLarge);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "payload" }));
        Assert.That(problem.ToString(), Does.Contain($"{Limit} bytes"));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Post_IsRefused_WhenBytesAreOverTheLimit()
    {
        var problem = await ProblemAsync(
            await PostAsync("/api/tasks", Json(Base64Of(Limit + 1))), HttpStatusCode.RequestEntityTooLarge);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "payloadBase64" }));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    // More than any payload can need is not even read.
    [TestCase(false)]
    [TestCase(true)]
    public async Task Post_IsRefused_WhenBodyIsFarOverTheLimit(bool chunked)
    {
        var problem = await ProblemAsync(
            await PostAsync("/api/tasks", Json(PayloadOf(4 * Limit)), chunked), HttpStatusCode.RequestEntityTooLarge);

        Assert.That(Fields(problem), Is.EqualTo(new[] { "body" }));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Post_KeepsToTheSetting()
    {
        await using var api = new ApiHost(RedisUrl, new Dictionary<string, string> { ["Api:MaxPayloadBytes"] = "10" });

        var taken = await api.Client.PostAsync("/api/tasks", Json(PayloadOf(10)));
        var refused = await api.Client.PostAsync("/api/tasks", Json(PayloadOf(11)));

        Assert.That(
            (taken.StatusCode, refused.StatusCode), Is.EqualTo(
                (HttpStatusCode.Accepted, HttpStatusCode.RequestEntityTooLarge)));
    }

    private static string PayloadOf(int bytes) => $$"""{"type":"x","taskId":"a","payload":"{{new string('p', bytes - 2)}}"}""";

    private static string Base64Of(int bytes) =>
        $$"""{"type":"x","taskId":"a","payloadBase64":"{{Convert.ToBase64String(new byte[bytes])}}"}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
