using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

internal sealed class SecurityOptionsTests
{
    private static readonly CredentialsValidator Validator = new();

    [Test]
    public void Validate_NamesWhatIsWrong_AndNeverItsValue()
    {
        var options = new SecurityOptions();
        options.ApiKeys["shop"] = new ApiKeyOptions
        {
            Hash = "geheim",
            Scopes = { "tasks:everything" },
            Queues = { "{geheim}" },
            Types = { "a b" },
            NotBefore = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
            NotAfter = new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        options.CorsOrigins.Add("*");

        var failures = string.Join('\n', Validator.Validate(null, options).Failures!);

        Assert.That(failures, Does.Contain("shop:Hash").And.Contain("shop:Scopes").And.Contain("shop:Queues")
            .And.Contain("shop:Types").And.Contain("shop:NotAfter").And.Contain("Security:CorsOrigins"));
        Assert.That(failures, Does.Not.Contain("geheim"));
    }

    [TestCase("https://login.example.com", "mirai", null, null, null)]
    [TestCase("http://login.example.com", "mirai", null, null, "Authority")]
    [TestCase("https://login.example.com", null, null, null, "Audience")]
    [TestCase(null, "mirai", "https://me/", "c2hvcnQ=", "SigningKey")]
    [TestCase(null, "mirai", null, "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", "Issuer")]
    [TestCase(null, "mirai", "https://me/", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", null)]
    public void Validate_NamesTheSetting_WhenTokensCannotBeChecked(
        string? authority, string? audience, string? issuer, string? signingKey, string? named)
    {
        var options = new SecurityOptions
        {
            Jwt = { Authority = authority, Audience = audience, Issuer = issuer, SigningKey = signingKey },
        };

        var result = Validator.Validate(null, options);

        Assert.That(result.Failed, Is.EqualTo(named is not null));
        Assert.That(result.FailureMessage ?? "", Does.Contain(named ?? ""));
    }
}
