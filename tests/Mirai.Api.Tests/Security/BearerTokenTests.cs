using System.Net;
using System.Net.Http.Headers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

internal sealed class BearerTokenTests : SecurityTest
{
    private static readonly byte[] SigningKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    protected override ApiHost CreateApi() => new(RedisUrl, Settings(
    [
        new("Security:Jwt:Issuer", "https://login.example.com/"), new("Security:Jwt:Audience", "mirai"),
        new("Security:Jwt:SigningKey", Convert.ToBase64String(SigningKey)),
    ]));

    [TestCase("scope", "tasks:read")]
    [TestCase("scope", "openid tasks:read payload:read")]
    [TestCase("scp", "tasks:read")]
    public async Task Token_IsTaken_WithItsScopes(string claim, string scopes) => Assert.That(
        await StatusAsync(
            Token(token => token.Claims = new Dictionary<string, object> { [claim] = scopes, ["sub"] = "ann" })),
        Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task Token_IsForbidden_WithoutTheScope() => Assert.That(
        await StatusAsync(Token(
            token => token.Claims = new Dictionary<string, object> { ["scope"] = "tasks:enqueue", ["sub"] = "ann" })),
        Is.EqualTo(HttpStatusCode.Forbidden));

    [Test]
    public async Task Token_IsForbidden_InQueuesThatItIsNotFor()
    {
        var token = Token(token => token.Claims = new Dictionary<string, object>
        {
            ["scope"] = Scopes.TasksRead, ["sub"] = "ann", ["mirai_queues"] = new[] { "mail*", "sms" },
        });

        Assert.That(await StatusAsync(token, "/api/tasks/default/a"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(token, "/api/tasks/mailing/a"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Token_IsRefused_WhenItIsNotForUs()
    {
        var expired = Token(token => (token.NotBefore, token.IssuedAt, token.Expires) = (Past(2), Past(2), Past(1)));
        var endless = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(Descriptor());
        var another = Token(token => token.Audience = "another");
        var stranger = Token(token => token.Issuer = "https://evil.example.com/");
        var forged = Token(token => token.SigningCredentials = Credentials([.. SigningKey.Reverse()]));
        var unsigned = Token(token => token.SigningCredentials = null);
        var stronger = Token(token => token.SigningCredentials =
            new SigningCredentials(
                new SymmetricSecurityKey([.. SigningKey, .. SigningKey]), SecurityAlgorithms.HmacSha512));

        foreach (var token in (string[])[expired, endless, another, stranger, forged, unsigned, stronger, "nonsense", "a.b.c"])
        {
            Assert.That(await StatusAsync(token), Is.EqualTo(HttpStatusCode.Unauthorized), token);
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string token, string path = "/api/queues")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Client.SendAsync(request);

        return response.StatusCode;
    }

    private static string Token(Action<SecurityTokenDescriptor> change)
    {
        var token = Descriptor();
        change(token);
        return new JsonWebTokenHandler().CreateToken(token);
    }

    private static SecurityTokenDescriptor Descriptor() => new()
    {
        Issuer = "https://login.example.com/",
        Audience = "mirai",
        Claims = new Dictionary<string, object> { ["scope"] = Scopes.TasksRead, ["sub"] = "ann" },
        SigningCredentials = Credentials(SigningKey),
    };

    private static SigningCredentials Credentials(byte[] key) =>
        new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);

    private static DateTime Past(int hours) => TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hours);
}
