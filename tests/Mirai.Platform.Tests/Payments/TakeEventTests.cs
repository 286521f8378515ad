using Mirai.Platform.Payments;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Payments;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class TakeEventTests(DatabaseKind kind) : PaymentTest(kind)
{
    private static readonly FakeSession Paid = new("cs_test_1");

    [TestCase("checkout.session.completed")]
    [TestCase("checkout.session.async_payment_succeeded")]
    public async Task Take_CommitsTheTask_WhenASessionIsPaid(string type)
    {
        var platform = await StartPaymentsAsync();
        var registration = await Registrations(platform).CreateAsync(Ann);
        var session = Paid with { ClientReferenceId = $"{registration.Id}" };

        Assert.That(await TakeAsync(platform, session.ToEvent(type)), Is.True);

        Assert.That(await TasksAsync(), Is.EqualTo(new[] { "stripe:provision" }));
        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Queued | " }));
        Assert.That(await QueryAsync("""SELECT "State" FROM registrations"""), Is.EqualTo(new[] { "Paid" }));
        await PublishAsync(platform);
        Assert.That(await Redis.ListLengthAsync("asynq:{critical}:pending"), Is.EqualTo(1));
    }

    [Test]
    public async Task Take_ChangesNothing_WhenStripeRepeatsItself()
    {
        var platform = await StartPaymentsAsync();
        await TakeAsync(platform, Paid.ToEvent());
        var before = await EverythingAsync();

        Assert.That(await TakeAsync(platform, Paid.ToEvent()), Is.False);

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Take_CommitsOneTask_WhenManyProcessesAreToldAtOnce()
    {
        var platforms = new[] { await StartPaymentsAsync(), await StartPaymentsAsync() };

        var enqueued = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(() => TakeAsync(platforms[i % 2], Paid.ToEvent()))));

        Assert.That(enqueued.Count(yes => yes), Is.EqualTo(1));
        Assert.That(await TasksAsync(), Is.EqualTo(new[] { "stripe:provision" }));
    }

    [Test]
    public async Task Take_BeginsAgain_WhenStripeSaysPaidOfASessionThatWasRefused()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(Paid with { PaymentStatus = "unpaid" });
        await TakeAsync(platform, Paid.ToEvent());
        await Assert.ThrowsAsync<PaymentRefusedException>(() => Payments(platform).ProvisionAsync("cs_test_1"));

        Assert.That(await TakeAsync(platform, Paid.ToEvent("checkout.session.async_payment_succeeded")), Is.True);

        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Queued | " }));
        Assert.That(await TasksAsync(), Has.Length.EqualTo(2));
    }

    private static IEnumerable<string> OtherEvents()
    {
        yield return Paid.ToEvent("checkout.session.expired");
        yield return Paid.ToEvent("checkout.session.async_payment_failed");
        yield return (Paid with { PaymentStatus = "unpaid" }).ToEvent();
        yield return """{"type":"charge.refunded","data":{"object":{"id":"ch_1"}}}""";
    }

    [TestCaseSource(nameof(OtherEvents))]
    public async Task Take_TakesAndIgnores_WhatSaysNothingOfMoney(string body)
    {
        var platform = await StartPaymentsAsync();

        Assert.That(await TakeAsync(platform, body), Is.False);

        Assert.That(await EverythingAsync(), Is.Empty);
    }

    [Test]
    public async Task Take_CommitsNothing_WhenItCannotBeFinished()
    {
        var platform = await StartPaymentsAsync();
        await QueryAsync("ALTER TABLE outbox RENAME TO elsewhere");

        await Assert.ThatAsync(() => TakeAsync(platform, Paid.ToEvent()), Throws.Exception);

        await QueryAsync("ALTER TABLE elsewhere RENAME TO outbox");
        Assert.That(await EverythingAsync(), Is.Empty);
        Assert.That(await TakeAsync(platform, Paid.ToEvent()), Is.True, "Stripe delivers it again");
    }
}
