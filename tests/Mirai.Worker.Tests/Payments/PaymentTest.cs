using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;
using Mirai.Testing;

namespace Mirai.Worker.Tests.Payments;

/// <summary>A test of the worker, with a small server of the test in place of Stripe.</summary>
internal abstract class PaymentTest : WorkerTest
{
    protected const string SessionId = "cs_test_1";

    protected FakeStripe Stripe { get; private set; } = null!;

    /// <summary>How often a worker asked for a single session. Lists of the reconciliation do not count.</summary>
    protected int Asked => Stripe.Requests.Count(request => request.Contains("/cs_", StringComparison.Ordinal));

    protected string[] StripeSettings =>
    [
        $"--Stripe:ApiBase={Stripe.Url}", $"--Stripe:ApiKey={FakeStripe.ApiKey}",
        $"--Stripe:WebhookSecret={FakeStripe.WebhookSecret}",
    ];

    [SetUp]
    public void StartStripe() => Stripe = new FakeStripe();

    [TearDown]
    public async Task StopStripeAsync()
    {
        await Stripe.DisposeAsync();
        Assert.That(Stripe.Mistakes, Is.Empty);
    }

    /// <summary>Starts the worker as a process.</summary>
    protected WorkerProcess StartProcess(string? redisUrl = null, params (string Name, string Value)[] environment) =>
        WorkerProcess.Start(Folder,
        [
            ("REDIS_URL", redisUrl ?? RedisUrl), ("ConnectionStrings__Mirai", ConnectionString),
            ("Stripe__ApiBase", Stripe.Url), ("Stripe__ApiKey", FakeStripe.ApiKey),
            ("Stripe__Timeout", "00:00:30"), ("Outbox__PollInterval", "00:00:00.2"), .. environment,
        ]);

    /// <summary>Starts the worker in this process.</summary>
    protected async Task<IHost> StartAsync(params string[] settings)
    {
        var worker = Worker([.. StripeSettings, .. settings]);
        await worker.StartAsync();

        return worker;
    }

    /// <summary>Adds a registration and its paid session.</summary>
    protected async Task<FakeSession> RegisterAndPayAsync(IHost host, string sessionId = SessionId)
    {
        var registration = await host.Services.GetRequiredService<RegistrationStore>()
            .CreateAsync(new NewRegistration("ann@example.org", "Ann"));
        var session = new FakeSession(sessionId) { ClientReferenceId = $"{registration.Id}" };
        Stripe.Add(session);

        return session;
    }

    /// <summary>Takes the event of a session, as the API does.</summary>
    protected static Task TellAsync(IHost host, FakeSession session)
    {
        var body = session.ToEvent();
        var signature = FakeStripe.Sign(body, TimeProvider.System.GetUtcNow());
        return host.Services.GetRequiredService<StripePayments>().TakeEventAsync(Encoding.UTF8.GetBytes(body), signature);
    }

    protected Task UntilAsync(string sql, string row) =>
        WaitUntilAsync(async () => (await QueryAsync(sql)) is [var only] && only == row);

    /// <summary>Waits until every session has its account, and checks that no row is missing or doubled.</summary>
    protected async Task AssertProvisionedAsync(int sessions = 1)
    {
        await UntilAsync("SELECT count(*) FROM accounts", $"{sessions}");
        Assert.That(
            await QueryAsync("""SELECT count(DISTINCT "SessionId"), count(DISTINCT "RegistrationId") FROM accounts"""),
            Is.EqualTo(new[] { $"{sessions} | {sessions}" }));
        Assert.That(
            await QueryAsync("""
                SELECT count(*) FROM registrations r JOIN accounts a ON a."Id" = r."AccountId" AND a."RegistrationId" = r."Id"
                WHERE r."State" = 'Completed'
                """),
            Is.EqualTo(new[] { $"{sessions}" }));
        Assert.That(
            await QueryAsync("""SELECT DISTINCT "State" FROM checkouts"""), Is.EqualTo(new[] { "Provisioned" }));
    }

    /// <summary>Every row of every table that payments touch.</summary>
    protected async Task<string[]> EverythingAsync()
    {
        var rows = new List<string>();
        foreach (var table in (string[])["registrations", "accounts", "checkouts"])
        {
            rows.AddRange((await QueryAsync($"SELECT * FROM {table} ORDER BY 1")).Select(row => $"{table}: {row}"));
        }

        return [.. rows];
    }
}
