using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Payments;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class ProvisionTests(DatabaseKind kind) : PaymentTest(kind)
{
    private const string Id = "cs_test_1";

    [TestCase("paid")]
    [TestCase("no_payment_required")]
    public async Task Provision_SetsUpTheAccount_AndCompletesTheRegistration(string paymentStatus)
    {
        var platform = await StartPaymentsAsync();
        var registration = await Registrations(platform).CreateAsync(Ann);
        Stripe.Add(new FakeSession(Id) { ClientReferenceId = $"{registration.Id}", PaymentStatus = paymentStatus });

        var account = await Payments(platform).ProvisionAsync(Id);

        Assert.That(await AccountsAsync(), Is.EqualTo(new[] { "cs_test_1 | ann@example.org | Ann" }));
        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Provisioned | " }));
        var completed = (await Registrations(platform).FindAsync(registration.Id))!;
        Assert.That((completed.State, completed.AccountId), Is.EqualTo((RegistrationState.Completed, account)));
        Assert.That(Stripe.Requests, Is.EqualTo(
            new[] { "GET /v1/checkout/sessions/cs_test_1?expand[0]=payment_intent" }));
    }

    [Test]
    public async Task Provision_ChangesNothing_WhenItRunsAgain()
    {
        var platform = await StartPaymentsAsync();
        var registration = await Registrations(platform).CreateAsync(Ann);
        var session = new FakeSession(Id) { ClientReferenceId = $"{registration.Id}" };
        Stripe.Add(session);
        await TakeAsync(platform, session.ToEvent());
        var first = await Payments(platform).ProvisionAsync(Id);
        var before = await EverythingAsync();

        Assert.That(await Payments(platform).ProvisionAsync(Id), Is.EqualTo(first));

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Provision_MakesOneAccount_WhenManyWorkersHaveTheTask()
    {
        var platforms = new[] { await StartPaymentsAsync(), await StartPaymentsAsync() };
        var session = new FakeSession(Id);
        Stripe.Add(session);
        await TakeAsync(platforms[0], session.ToEvent());

        var accounts = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => Task.Run(() => Payments(platforms[i % 2]).ProvisionAsync(Id))));

        Assert.That(accounts.Distinct().Count(), Is.EqualTo(1));
        Assert.That(await AccountsAsync(), Has.Length.EqualTo(1));
    }

    // Between the effects: the account is written, and writing the registration fails.
    [Test]
    public async Task Provision_LeavesNothingHalfDone_WhenItFailsInTheMiddle()
    {
        var platform = await StartPaymentsAsync();
        var registration = await Registrations(platform).CreateAsync(Ann);
        var session = new FakeSession(Id) { ClientReferenceId = $"{registration.Id}" };
        Stripe.Add(session);
        await TakeAsync(platform, session.ToEvent());
        await using (var context = await ContextAsync(platform))
        {
            await context.Database.ExecuteSqlRawAsync(Kind == DatabaseKind.Sqlite
                ? """
                    CREATE TRIGGER broken BEFORE UPDATE OF "AccountId" ON registrations
                    BEGIN SELECT RAISE(ABORT, 'broken'); END
                    """
                : """ALTER TABLE registrations ADD CONSTRAINT broken CHECK ("AccountId" IS NULL)""");
        }

        await Assert.ThatAsync(() => Payments(platform).ProvisionAsync(Id), Throws.Exception);

        Assert.That(await AccountsAsync(), Is.Empty);
        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Queued | " }));
        await QueryAsync(Kind == DatabaseKind.Sqlite
            ? "DROP TRIGGER broken" : "ALTER TABLE registrations DROP CONSTRAINT broken");
        await Payments(platform).ProvisionAsync(Id);
        Assert.That(await AccountsAsync(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Provision_TakesWhatStripeKnows_WhenTheRegistrationIsGone()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession(Id) { ClientReferenceId = $"{TaskId}", Name = new string('x', 300) + "\0" });

        await Payments(platform).ProvisionAsync(Id);

        Assert.That(
            await AccountsAsync(), Is.EqualTo(new[] { $"cs_test_1 | payer@example.org | {new string('x', 200)}" }));
    }

    [Test]
    public async Task Provision_SaysWhy_WhenNobodyKnowsWhosePaymentItIs()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession(Id) { Email = null, Name = null, ClientReferenceId = "somebody else's" });

        var error = await Assert.ThrowsAsync<PaymentRefusedException>(() => Payments(platform).ProvisionAsync(Id));

        Assert.That(error!.Message, Is.EqualTo(
            "Checkout session cs_… is paid, and names neither a registration nor an e-mail address."));
        Assert.That(await AccountsAsync(), Is.Empty);
    }

    [Test]
    public async Task Provision_SaysWhy_WhenTheCardWasDeclined()
    {
        var platform = await StartPaymentsAsync();
        await TakeAsync(platform, new FakeSession(Id).ToEvent());
        Stripe.Add(new FakeSession(Id) { Status = "open", PaymentStatus = "unpaid", Decline = "insufficient_funds" });

        var error = await Assert.ThrowsAsync<PaymentRefusedException>(() => Payments(platform).ProvisionAsync(Id));

        const string Reason = "Checkout session cs_… is not paid: it is open, its payment unpaid. " +
            "Your card was declined. (insufficient_funds)";
        Assert.That(error!.Message, Is.EqualTo(Reason));
        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { $"cs_test_1 | Refused | {Reason}" }));
        Assert.That(await AccountsAsync(), Is.Empty);
    }

    [Test]
    public async Task Provision_SaysWhy_WhenStripeDoesNotKnowTheSession()
    {
        var platform = await StartPaymentsAsync();

        var error = await Assert.ThrowsAsync<PaymentRefusedException>(() => Payments(platform).ProvisionAsync(Id));

        Assert.That(error!.Message, Is.EqualTo(
            "Stripe does not know checkout session cs_…: No such checkout.session: cs_…"));
    }

    [Test]
    public async Task Provision_TriesAgainItself_WhatPassesAtOnce()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession(Id));
        Stripe.FailNext(429, """{"error":{"type":"rate_limit_error","message":"Too many requests"}}""", retryAfter: "1");
        Stripe.FailNext(500, "<html>");

        await Payments(platform).ProvisionAsync(Id);

        Assert.That(Stripe.Requests, Has.Count.EqualTo(3));
        Assert.That(await AccountsAsync(), Has.Length.EqualTo(1));
    }

    [TestCase(429, """{"error":{"type":"rate_limit_error","message":"Too many requests"}}""", "Too many requests")]
    [TestCase(500, "<html>broken</html>", "Invalid response object")]
    [TestCase(200, """{"id":"cs_te""", "Invalid response object")]
    [TestCase(401, """{"error":{"type":"invalid_request_error","message":"Invalid API Key"}}""", "Invalid API Key")]
    public async Task Provision_IsAnOutage_WhenStripeGoesOnFailing(int status, string body, string reason)
    {
        var platform = await StartPaymentsAsync();
        await TakeAsync(platform, new FakeSession(Id).ToEvent());
        Stripe.Add(new FakeSession(Id));
        for (var i = 0; i < 3; i++)
        {
            Stripe.FailNext(status, body);
        }

        var error = await Assert.ThrowsAsync<StripeUnavailableException>(() => Payments(platform).ProvisionAsync(Id));

        Assert.That(error!.Message, Does.StartWith("Stripe does not answer as expected: ").And.Contain(reason));
        Assert.That(error.ToString(), Does.Not.Contain("geheim"));
        Assert.That(await CheckoutsAsync(), Is.EqualTo(new[] { "cs_test_1 | Queued | " }), "nothing is decided");
    }

    [Test]
    public async Task Provision_IsAnOutage_WhenStripeIsSilent()
    {
        var platform = await StartPaymentsAsync(("Stripe:Timeout", "00:00:01"));
        for (var i = 0; i < 3; i++)
        {
            Stripe.HangNext();
        }

        var error = await Assert.ThrowsAsync<StripeUnavailableException>(() => Payments(platform).ProvisionAsync(Id));

        Assert.That(error!.Message, Does.StartWith("Stripe does not answer as expected: "));
    }

    [Test]
    public async Task Provision_NamesTheSetting_WhenThereIsNoKey()
    {
        var platform = await StartPaymentsAsync(("Stripe:ApiKey", ""));

        var error = await Assert.ThrowsAsync<StripeUnavailableException>(() => Payments(platform).ProvisionAsync(Id));

        Assert.That(error!.Message, Does.StartWith("Stripe:ApiKey is not set"));
        Assert.That(Stripe.Requests, Is.Empty);
    }

    [Test]
    public async Task GiveUp_TakesNothingAway_FromASessionThatHasItsAccount()
    {
        var platform = await StartPaymentsAsync();
        Stripe.Add(new FakeSession(Id));
        await Payments(platform).ProvisionAsync(Id);
        var before = await EverythingAsync();

        await Payments(platform).GiveUpAsync(Id, "too late");

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }
}
