using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform;
using Mirai.Platform.Payments;
using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Api.Tests.Payments;

/// <summary>The whole way over HTTP: somebody registers, pays, and has an account. Only Stripe is not real.</summary>
internal sealed class JourneyTests : ApiTest
{
    private FakeStripe stripe = null!;

    [OneTimeSetUp]
    public void StartStripe() => stripe = new FakeStripe();

    [OneTimeTearDown]
    public async Task StopStripeAsync() => await stripe.DisposeAsync();

    [Test]
    public async Task Registration_IsCompleted_WhenItWasPaid()
    {
        await using var worker = await StartWorkerAsync();
        var response = await PostAsync(
            "/api/registrations",
            new StringContent("""{"email":"ann@example.org","name":"Ann"}""", Encoding.UTF8, "application/json"));
        var location = response.Headers.Location!.ToString();
        var session = new FakeSession("cs_test_1") { ClientReferenceId = location.Split('/')[^1] };
        stripe.Add(session);

        Assert.That((await TellAsync(session)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var completed = await TestWorker.UntilAsync(Client, location, "completed");
        Assert.That(completed.GetProperty("accountId").GetGuid(), Is.Not.EqualTo(Guid.Empty));
        Assert.That(completed.TryGetProperty("expiresAt", out _), Is.False);
        Assert.That(
            await Api.Database.QueryAsync("""SELECT "Email", "SessionId" FROM accounts"""),
            Is.EqualTo(new[] { "ann@example.org | cs_test_1" }));
        Assert.That(stripe.Mistakes, Is.Empty);
    }

    protected override ApiHost CreateApi() => new(
        RedisUrl, new Dictionary<string, string> { ["Stripe:WebhookSecret"] = FakeStripe.WebhookSecret });

    private Task<HttpResponseMessage> TellAsync(FakeSession session)
    {
        var body = session.ToEvent();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/stripe")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Stripe-Signature", FakeStripe.Sign(body, TimeProvider.System.GetUtcNow()));

        return Client.SendAsync(request);
    }

    private Task<TestWorker> StartWorkerAsync() => TestWorker.StartAsync(RedisUrl, (services, queue) =>
    {
        services.Configure<QueueServerOptions>(server => server.Queues["critical"] = 1);
        services.AddMiraiPlatform(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:Mirai", Api.Database.ConnectionString),
            new("Stripe:ApiBase", stripe.Url), new("Stripe:ApiKey", FakeStripe.ApiKey),
        ]).Build());
        queue.AddJsonContext(PlatformTasksJson.Default).AddHandler<StripeProvision, Provisioner>();
    });

    // What Mirai.Worker does, in short: of that project the API knows nothing.
    private sealed class Provisioner(StripePayments payments) : ITaskHandler<StripeProvision>
    {
        public Task HandleAsync(StripeProvision payload, TaskContext context, CancellationToken cancellationToken) =>
            payments.ProvisionAsync(payload.SessionId, cancellationToken);
    }
}
