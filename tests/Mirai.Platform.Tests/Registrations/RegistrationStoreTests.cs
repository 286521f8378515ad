using Mirai.Platform.Registrations;
using Mirai.Platform.Tests.Payments;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Registrations;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class RegistrationStoreTests(DatabaseKind kind) : PaymentTest(kind)
{
    [Test]
    public async Task Create_StoresAPendingRegistration_ThatExpires()
    {
        var platform = await StartAsync();

        var created = await Registrations(platform).CreateAsync(Ann);

        Assert.That(created, Is.EqualTo(new Registration
        {
            Id = created.Id,
            Email = "ann@example.org",
            Name = "Ann",
            State = RegistrationState.Pending,
            CreatedAt = Now,
            ExpiresAt = Now.AddDays(2),
        }));
        Assert.That(await Registrations(platform).FindAsync(created.Id), Is.EqualTo(created));
        Time.Advance(TimeSpan.FromDays(2));
        Assert.That(await Registrations(platform).FindAsync(created.Id), Is.Null, "deleted or not");
    }

    [TestCase("https://buy.stripe.com/x", "https://buy.stripe.com/x?")]
    [TestCase("https://buy.stripe.com/x?locale=de", "https://buy.stripe.com/x?locale=de&")]
    public async Task Create_TellsWhereToPay_WhenALinkIsConfigured(string link, string begin)
    {
        var platform = await StartAsync(("Registrations:PaymentLink", link));

        var created = await Registrations(platform).CreateAsync(Ann with { Email = "ann+x@example.org" });

        Assert.That(created.PaymentUrl!.AbsoluteUri, Is.EqualTo(
            $"{begin}client_reference_id={created.Id}&prefilled_email=ann%2Bx%40example.org"));
    }

    [TestCase("", false)]
    [TestCase("ann", false)]
    [TestCase("ann@", false)]
    [TestCase("Ann <ann@example.org>", false)]
    [TestCase("ann@example.org, bob@example.org", false)]
    [TestCase("ann@example.org\n", false)]
    [TestCase(" ann@example.org", false)]
    [TestCase("ann@example.org", true)]
    [TestCase("änn@exämple.org", true)]
    public void IsEmail_KnowsAnAddress(string text, bool isOne)
    {
        Assert.That(NewRegistration.IsEmail(text), Is.EqualTo(isOne));
        Assert.That(NewRegistration.IsEmail(new string('a', 243) + "@example.org"), Is.False, "too long");
        Assert.That(NewRegistration.IsEmail(null), Is.False);
    }

    [Test]
    public async Task Create_RefusesWhatItCannotKeep()
    {
        var platform = await StartAsync();

        var email = await Assert.ThrowsAsync<ArgumentException>(
            () => Registrations(platform).CreateAsync(Ann with { Email = "ann" }));
        var name = await Assert.ThrowsAsync<ArgumentException>(
            () => Registrations(platform).CreateAsync(Ann with { Name = "a\0" }));

        Assert.That(email!.Message, Does.StartWith("Email must be an e-mail address."));
        Assert.That(name!.Message, Does.StartWith("Name must have 1 to 200 characters."));
    }
}
