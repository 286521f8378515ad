using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Api.Security;

/// <summary>Credentials and limits of callers, from the configuration section <c>Security</c>.</summary>
internal sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>The API keys, by name. A change of the configuration takes effect at once.</summary>
    public IDictionary<string, ApiKeyOptions> ApiKeys { get; } = new Dictionary<string, ApiKeyOptions>();

    /// <summary>Bearer tokens.</summary>
    public JwtOptions Jwt { get; } = new();

    /// <summary>The sites whose pages may call the API from a browser, for instance
    /// <c>https://app.example.com</c>.</summary>
    /// <value>Default: none.</value>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Whether callers on other machines need no credentials either, in a development environment only: for
    /// containers, whose callers are never on the same machine.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowRemoteDevelopment { get; set; }

    /// <summary>How many requests a client may send in a second; twice as many at once.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; set; } = 1_000;

    /// <summary>How many requests without credentials an address may send in a second; twice as many at once. Behind a
    /// proxy, all of them come from one address.</summary>
    /// <value>1 to 100,000. Default: 100.</value>
    [Range(1, 100_000)]
    public int AnonymousRequestsPerSecond { get; set; } = 100;

    /// <summary>How long a request may take. Requests that wait for a task and event streams have other
    /// limits.</summary>
    /// <value>1 s to 10 min. Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class SecurityOptionsValidator : IValidateOptions<SecurityOptions>;

/// <summary>One API key. A client that changes its key has two keys for a while.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>The client in the audit log and in the request limits.</summary>
    /// <value>Default: the name of the setting.</value>
    public string? Client { get; set; }

    /// <summary>SHA-256 of the key, 64 hexadecimal digits. Keys are random, so a fast hash is safe.</summary>
    public string Hash { get; set; } = "";

    /// <summary>What the client may do: see <see cref="Security.Scopes"/>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The queues that the client may use: names, or prefixes followed by <c>*</c>.</summary>
    /// <value>Default: all.</value>
    public IList<string> Queues { get; } = [];

    /// <summary>The task types that the client may use: names, or prefixes followed by <c>*</c>.</summary>
    /// <value>Default: all.</value>
    public IList<string> Types { get; } = [];

    /// <summary>When the key becomes valid.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>When the key stops being valid.</summary>
    public DateTimeOffset? NotAfter { get; set; }
}

/// <summary>The bearer tokens (JWT) that are accepted: of an authority that publishes its keys, or signed with the key
/// in these settings.</summary>
internal sealed class JwtOptions
{
    /// <summary>Address of the authority, for instance <c>https://login.example.com/</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that a token must have. Required with an authority and with a signing key.</summary>
    public string? Audience { get; set; }

    /// <summary>The issuer that a token must have.</summary>
    /// <value>Default: the one that the authority names. Required with <see cref="SigningKey"/>.</value>
    public string? Issuer { get; set; }

    /// <summary>The signing key for HMAC-SHA256, at least 32 bytes, in base64.</summary>
    public string? SigningKey { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(Authority) || !string.IsNullOrEmpty(SigningKey);
}
