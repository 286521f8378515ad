using System.Net;
using System.Text;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Api.Tests.Payments;

internal sealed class StripeWebhookTests : ApiTest
{
    private const string Path = "/api/webhooks/stripe";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Test]
    public async Task Post_EnqueuesTheProvisioning_OnceHoweverOftenStripeSaysSo()
    {
        var session = new FakeSession("cs_test_once");

        var answers = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var body = session.ToEvent();
            var response = await PostAsync(body, FakeStripe.Sign(body, Now));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            answers.Add(await response.Content.ReadAsStringAsync());
        }

        Assert.That(answers, Is.EqualTo(new[]
        {
            """{"received":true,"enqueued":true}""", """{"received":true,"enqueued":false}""",
            """{"received":true,"enqueued":false}""",
        }));
        var messages = new List<TaskMessage>();
        await RedisWait.UntilAsync(
            async () =>
            {
                messages = await PendingAsync("""{"sessionId":"cs_test_once"}""");
                return messages.Count > 0;
            },
            TimeSpan.FromSeconds(60), "the provisioning waits");
        var message = messages.Single();
        Assert.That((message.Type, message.Queue, message.Retry), Is.EqualTo(("stripe:provision", "critical", 10)));
    }

    // The signature is over bytes: what a parser would not notice counts.
    [Test]
    public async Task Post_ChecksTheBytesAsTheyCame()
    {
        var body = new FakeSession("cs_test_raw") { Name = "Zoë  \u00e9" }.ToEvent()
            .Replace(",", " ,\r\n", StringComparison.Ordinal);

        Assert.That((await PostAsync(body, FakeStripe.Sign(body, Now))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await AssertRefusedAsync(body.Replace("\r\n", "\n", StringComparison.Ordinal), FakeStripe.Sign(body, Now));
    }

    [Test]
    public async Task Post_TrustsNothing_ThatIsNotSignedNow()
    {
        var body = new FakeSession("cs_test_forged").ToEvent();

        await AssertRefusedAsync(body, null);
        await AssertRefusedAsync(body, FakeStripe.Sign(body, Now, "whsec_guessed"));
        await AssertRefusedAsync(body, FakeStripe.Sign(body, Now.AddMinutes(-6)));
        await AssertRefusedAsync(body, FakeStripe.Sign(body, Now.AddMinutes(6)));
        await AssertRefusedAsync("{}", FakeStripe.Sign("{}", Now));

        Assert.That(
            await Api.Database.QueryAsync("""SELECT * FROM checkouts WHERE "SessionId" = 'cs_test_forged'"""), Is.Empty);
        Assert.That(Api.Log, Has.Some.Contain("An event of the payment webhook was refused"));
        Assert.That(Api.Log, Has.None.Contain("geheim").And.None.Contain("cs_test_forged"));
    }

    [Test]
    public async Task Post_IsUnavailable_SoThatStripeTriesAgain_WhenThereIsNoSecret()
    {
        await using var api = new ApiHost(RedisUrl);
        var body = new FakeSession("cs_test_1").ToEvent();

        var response = await SendAsync(api.Client, body, FakeStripe.Sign(body, Now));

        var problem = await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("The payment service does not answer."));
        Assert.That(api.Log, Has.Some.Contain("Stripe:WebhookSecret is not set"));
    }

    [Test]
    public async Task Post_RefusesABodyThatIsTooLarge()
    {
        var body = new string('x', (1024 * 1024) + 1);

        await ProblemAsync(await PostAsync(body, FakeStripe.Sign(body, Now)), HttpStatusCode.RequestEntityTooLarge);
    }

    protected override ApiHost CreateApi() => new(
        RedisUrl, new Dictionary<string, string> { ["Stripe:WebhookSecret"] = FakeStripe.WebhookSecret });

    private async Task AssertRefusedAsync(string body, string? signature)
    {
        var problem = await ProblemAsync(await PostAsync(body, signature), HttpStatusCode.BadRequest);

        Assert.That(problem.ToString(), Does.Not.Contain("cs_test").And.Not.Contain("whsec"));
    }

    // By payload: the relay may enqueue what an earlier test has left in the outbox.
    private static async Task<List<TaskMessage>> PendingAsync(string payload)
    {
        var messages = new List<TaskMessage>();
        foreach (var id in await Redis.ListRangeAsync("asynq:{critical}:pending"))
        {
            messages.Add(await MessageAsync("critical", id.ToString()));
        }

        return messages.FindAll(message => message.Payload.ToStringUtf8() == payload);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string? signature) => SendAsync(Client, body, signature);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string body, string? signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (signature is not null)
        {
            request.Headers.Add("Stripe-Signature", signature);
        }

        return client.SendAsync(request);
    }
}
