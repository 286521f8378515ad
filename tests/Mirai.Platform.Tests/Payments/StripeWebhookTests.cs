using Mirai.Platform.Payments;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Payments;

internal sealed class StripeWebhookTests() : PaymentTest(DatabaseKind.Sqlite)
{
    private static readonly string Body = new FakeSession("cs_test_1").ToEvent();

    private static IEnumerable<TestCaseData> Untrusted()
    {
        TestCaseData Case(string name, string? signature) => new TestCaseData(signature).SetArgDisplayNames(name);

        yield return Case("none", "");
        yield return Case("nonsense", "nonsense");
        yield return Case("without time", "v1=00");
        yield return Case("without signature", "t=1000");
        yield return Case("another secret", FakeStripe.Sign(Body, Now, "whsec_other"));
        yield return Case("another body", FakeStripe.Sign(Body + " ", Now));
        yield return Case("too old", FakeStripe.Sign(Body, Now.AddSeconds(-301)));
        yield return Case("from the future", FakeStripe.Sign(Body, Now.AddSeconds(301)));
        yield return Case("time moved", FakeStripe.Sign(Body, Now.AddHours(-1))
            .Replace(
                $"t={Now.AddHours(-1).ToUnixTimeSeconds()}", $"t={Now.ToUnixTimeSeconds()}",
                StringComparison.Ordinal));
        yield return Case(
            "only the test scheme", FakeStripe.Sign(Body, Now).Replace("v1=", "v0=", StringComparison.Ordinal));
    }

    [TestCaseSource(nameof(Untrusted))]
    public async Task Take_TrustsNothing_ThatStripeDidNotSignNow(string signature)
    {
        var platform = Process(Time);

        var error = await Assert.ThrowsAsync<WebhookRefusedException>(() => TakeAsync(platform, Body, signature));

        Assert.That(error!.Message, Does.StartWith("The header Stripe-Signature is missing, too old, or not made"));
        Assert.That(error.ToString(), Does.Not.Contain("geheim"));
    }

    [TestCase(-300)]
    [TestCase(300)]
    public async Task Take_Trusts_WithinTheTolerance(int seconds)
    {
        var platform = Process(Time);
        await MigrateAsync(platform);

        Assert.That(await TakeAsync(platform, Body, FakeStripe.Sign(Body, Now.AddSeconds(seconds))), Is.True);
    }

    // While a secret is replaced, Stripe signs with both.
    [Test]
    public async Task Take_Trusts_WhenOneOfSeveralSignaturesFits()
    {
        var platform = Process(Time);
        await MigrateAsync(platform);
        var other = FakeStripe.Sign(Body, Now, "whsec_old").Split(',')[1];

        Assert.That(await TakeAsync(platform, Body, $"{FakeStripe.Sign(Body, Now)},{other}"), Is.True);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":5}""")]
    [TestCase("""{"type":"checkout.session.completed"}""")]
    [TestCase("""{"type":"checkout.session.completed","data":{"object":{"payment_status":"paid","id":""}}}""")]
    [TestCase("""{"type":"checkout.session.completed","data":{"object":{"payment_status":"paid","id":7}}}""")]
    public async Task Take_Refuses_WhatIsSignedAndNoEvent(string body)
    {
        var platform = Process(Time);

        var error = await Assert.ThrowsAsync<WebhookRefusedException>(() => TakeAsync(platform, body));

        Assert.That(error!.Message, Is.EqualTo("The body is not an event of Stripe."));
    }

    [Test]
    public async Task Take_NamesTheSetting_WhenThereIsNoSecret()
    {
        var without = Process(Time, ("Stripe:WebhookSecret", ""));

        var error = await Assert.ThrowsAsync<StripeUnavailableException>(() => TakeAsync(without, Body));

        Assert.That(error!.Message, Does.StartWith("Stripe:WebhookSecret is not set"));
    }
}
