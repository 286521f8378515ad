using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Mirai.Api.Security;

/// <summary>Authenticates callers by API key: <c>X-Api-Key: …</c> or <c>Authorization: ApiKey …</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder,
    IOptionsMonitor<SecurityOptions> security, DevelopmentAccess development, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    // Keys are short: hashing a longer text would only cost time.
    private const int LongestKey = 512;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindKey() is not { } key)
        {
            return Task.FromResult(development.IsOpenTo(Context)
                ? Success("development", Scopes.All, [], [])
                : AuthenticateResult.NoResult());
        }

        return Task.FromResult(FindOptions(key) is ({ } name, { } found)
            ? Success(found.Client ?? name, found.Scopes, found.Queues, found.Types)
            : AuthenticateResult.Fail("The API key is not known, or not valid now."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = security.CurrentValue.Jwt.IsConfigured ? "ApiKey, Bearer" : "ApiKey";

        return base.HandleChallengeAsync(properties);
    }

    private string? FindKey()
    {
        if (Request.Headers.TryGetValue(Header, out var own))
        {
            return own.ToString();
        }

        var given = Request.Headers.Authorization.ToString();

        return given.StartsWith($"{SchemeName} ", StringComparison.OrdinalIgnoreCase)
            ? given[(SchemeName.Length + 1)..].Trim() : null;
    }

    // Compares with every key, each in constant time: the time of an answer reveals nothing about a key.
    private (string? Name, ApiKeyOptions? Key) FindOptions(string key)
    {
        if (key.Length > LongestKey)
        {
            return default;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        (string?, ApiKeyOptions?) found = default;
        foreach (var (name, options) in security.CurrentValue.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(options.Hash))
                && IsValidNow(options))
            {
                found = (name, options);
            }
        }

        return found;
    }

    private bool IsValidNow(ApiKeyOptions key)
    {
        var now = time.GetUtcNow();

        return !(now < key.NotBefore) && !(now >= key.NotAfter);
    }

    private AuthenticateResult Success(
        string name, IEnumerable<string> scopes, IEnumerable<string> queues, IEnumerable<string> types)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, name),
                .. scopes.Select(scope => new Claim(Scopes.Claim, scope)),
                .. queues.Select(queue => new Claim(Caller.QueueClaim, queue)),
                .. types.Select(type => new Claim(Caller.TypeClaim, type)),
            ],
            SchemeName);

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
