using Mirai.Platform.Payments;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Payments;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class ReconcileTests(DatabaseKind kind) : PaymentTest(kind)
{
    private static DateTimeOffset RealNow => TimeProvider.System.GetUtcNow();

    [Test]
    public async Task Reconcile_EnqueuesWhatIsPaid_AndHasNoAccount()
    {
        var platform = await StartPaymentsAsync();
        var registration = await Registrations(platform).CreateAsync(Ann);
        Stripe.Add(new FakeSession("cs_done"));
        await Payments(platform).ProvisionAsync("cs_done");
        Stripe.Add(new FakeSession("cs_lost") { ClientReferenceId = $"{registration.Id}" });
        Stripe.Add(new FakeSession("cs_unpaid") { PaymentStatus = "unpaid" });
        Stripe.Add(new FakeSession("cs_open") { Status = "open", PaymentStatus = "unpaid" });
        Stripe.Add(new FakeSession("cs_old") { Created = RealNow.AddHours(-26) });

        Assert.That(await Payments(platform).ReconcileAsync(), Is.EqualTo(1));

        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_done | Provisioned | ", "cs_lost | Queued | " }));
        Assert.That(await TasksAsync(), Is.EqualTo(new[] { "stripe:provision" }));
        Assert.That(await QueryAsync("""SELECT "State" FROM registrations"""), Is.EqualTo(new[] { "Paid" }));
    }

    [Test]
    public async Task Reconcile_ChangesNothing_WhenItRunsAgain()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession("cs_lost"));
        await Payments(platform).ReconcileAsync();
        var before = await EverythingAsync();

        Assert.That(await Payments(platform).ReconcileAsync(), Is.Zero);

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Reconcile_LooksAtEveryPage()
    {
        var platform = await StartPaymentsAsync();
        for (var i = 0; i < 205; i++)
        {
            Stripe.Add(new FakeSession($"cs_{i:000}") { Created = RealNow.AddSeconds(-i) });
        }

        Assert.That(await Payments(platform).ReconcileAsync(), Is.EqualTo(205));

        Assert.That(Stripe.Requests, Has.Count.EqualTo(3));
        Assert.That(await CheckoutsAsync(), Has.Length.EqualTo(205));
    }

    [Test]
    public async Task Reconcile_BeginsWhereTheLastOneBegan_MinusTheOverlap()
    {
        var platform = await StartPaymentsAsync();
        await Payments(platform).ReconcileAsync();
        await QueryAsync("UPDATE marks SET \"Moment\" = '2026-01-02 00:00:00'" + (Kind == DatabaseKind.Sqlite ? "" : "::timestamptz"));
        Stripe.Requests.Clear();

        await Payments(platform).ReconcileAsync();

        var since = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).AddHours(-25).ToUnixTimeSeconds();
        Assert.That(Stripe.Requests, Is.EqualTo(
            new[] { $"GET /v1/checkout/sessions?created[gte]={since}&status=complete&limit=100" }));
    }

    [Test]
    public async Task Reconcile_LooksAgainAtAllOfIt_AfterAnOutageInTheMiddle()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession("cs_lost"));
        for (var i = 0; i < 3; i++)
        {
            Stripe.FailNext(500, "");
        }

        await Assert.ThrowsAsync<StripeUnavailableException>(() => Payments(platform).ReconcileAsync());

        Assert.That(await QueryAsync("SELECT * FROM marks"), Is.Empty);
        Assert.That(await Payments(platform).ReconcileAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Reconcile_BeginsAgain_WhereATaskUsedUpItsRetries()
    {
        var platform = await StartPaymentsAsync();
        var session = new FakeSession("cs_test_1") { Created = RealNow.AddDays(-3) };
        await TakeAsync(platform, session.ToEvent());
        await Payments(platform).GiveUpAsync("cs_test_1", "Stripe was away");

        Assert.That(await Payments(platform).ReconcileAsync(), Is.EqualTo(1));
        Assert.That(await Payments(platform).ReconcileAsync(), Is.Zero);

        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Queued | " }));
        Assert.That(await TasksAsync(), Has.Length.EqualTo(2));
    }

    // The worker died in the last attempt, or Redis lost the task.
    [Test]
    public async Task Reconcile_BeginsAgain_WhereATaskHasNotEndedForADay()
    {
        var platform = await StartPaymentsAsync();
        await TakeAsync(platform, new FakeSession("cs_test_1").ToEvent());
        var later = Process(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(RealNow.AddHours(25)));

        Assert.That(await Payments(later).ReconcileAsync(), Is.EqualTo(1));
    }
}
