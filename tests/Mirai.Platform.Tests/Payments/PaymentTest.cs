using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;
using Mirai.Platform.Tests.Outbox;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Payments;

/// <summary>A test of payments, with a small server of the test in place of Stripe.</summary>
internal abstract class PaymentTest(DatabaseKind kind) : OutboxTest(kind)
{
    protected static readonly NewRegistration Ann = new("ann@example.org", "Ann");

    protected FakeStripe Stripe { get; private set; } = null!;

    [SetUp]
    public void StartStripe() => Stripe = new FakeStripe();

    [TearDown]
    public async Task StopStripeAsync()
    {
        await Stripe.DisposeAsync();
        Assert.That(Stripe.Mistakes, Is.Empty);
    }

    /// <summary>Creates the platform of one process. Code that waits for Stripe needs a running clock.</summary>
    protected async Task<ServiceProvider> StartPaymentsAsync(params (string Key, string Value)[] settings)
    {
        var platform = Process(TimeProvider.System, settings);
        await MigrateAsync(platform);

        return platform;
    }

    protected ServiceProvider Process(TimeProvider time, params (string Key, string Value)[] settings) => Platform(
        time,
        [
            ("Stripe:ApiBase", Stripe.Url), ("Stripe:ApiKey", FakeStripe.ApiKey),
            ("Stripe:WebhookSecret", FakeStripe.WebhookSecret), .. settings,
        ]);

    protected static StripePayments Payments(IServiceProvider platform) => platform.GetRequiredService<StripePayments>();

    protected static RegistrationStore Registrations(IServiceProvider platform) =>
        platform.GetRequiredService<RegistrationStore>();

    protected static Task<bool> TakeAsync(IServiceProvider platform, string body, string? signature = null)
    {
        signature ??= FakeStripe.Sign(body, platform.GetRequiredService<TimeProvider>().GetUtcNow());
        return Payments(platform).TakeEventAsync(Encoding.UTF8.GetBytes(body), signature);
    }

    protected Task<string[]> AccountsAsync() => QueryAsync(
        """SELECT "SessionId", "Email", "Name" FROM accounts ORDER BY "SessionId" """);

    protected Task<string[]> CheckoutsAsync() => QueryAsync(
        """SELECT "SessionId", "State", "Reason" FROM checkouts ORDER BY "SessionId" """);

    protected Task<string[]> TasksAsync() => QueryAsync("""SELECT "Type" FROM outbox ORDER BY "Id" """);

    /// <summary>Every row of every table that payments touch.</summary>
    protected async Task<string[]> EverythingAsync()
    {
        var rows = new List<string>();
        foreach (var table in (string[])["registrations", "accounts", "checkouts", "outbox"])
        {
            rows.AddRange((await QueryAsync($"SELECT * FROM {table} ORDER BY 1")).Select(row => $"{table}: {row}"));
        }

        return [.. rows];
    }
}
