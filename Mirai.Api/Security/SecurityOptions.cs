using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Api.Security;

/// <summary>Who may do what, and how much of it, from the configuration section <c>Security</c>.</summary>
internal sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>The API keys, by name. They are read again when the configuration changes.</summary>
    public IDictionary<string, ApiKeyOptions> ApiKeys { get; } = new Dictionary<string, ApiKeyOptions>();

    /// <summary>Bearer tokens.</summary>
    public JwtOptions Jwt { get; } = new();

    /// <summary>Pages of which sites may call the API from a browser, for instance
    /// <c>https://app.example.com</c>.</summary>
    /// <value>Default: none.</value>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Whether a development environment asks callers on other machines for no credentials either: for
    /// containers, whose callers are never on the same machine. Other environments do not read it.</summary>
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

    /// <summary>How long a request may take, those that wait for a task and streams of events aside.</summary>
    /// <value>1 s to 10 min. Default: 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class SecurityOptionsValidator : IValidateOptions<SecurityOptions>;

/// <summary>One API key. A client that changes its key has two of them for a while.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Whose key it is, as the audit log and the limits of requests know them.</summary>
    /// <value>Default: the name of the setting.</value>
    public string? Client { get; set; }

    /// <summary>SHA-256 of the key, 64 hexadecimal digits. The key itself is random, so that nothing slower is
    /// needed.</summary>
    public string Hash { get; set; } = "";

    /// <summary>What its bearer may do: see <see cref="Security.Scopes"/>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The queues it is for: names, or beginnings followed by <c>*</c>.</summary>
    /// <value>Default: all.</value>
    public IList<string> Queues { get; } = [];

    /// <summary>The types of tasks it is for: names, or beginnings followed by <c>*</c>.</summary>
    /// <value>Default: all.</value>
    public IList<string> Types { get; } = [];

    /// <summary>From when on it is taken.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Until when it is taken.</summary>
    public DateTimeOffset? NotAfter { get; set; }
}

/// <summary>Whose bearer tokens (JWT) are taken: those of an authority that publishes its keys, or those that were
/// made with one key that is known here.</summary>
internal sealed class JwtOptions
{
    /// <summary>Address of the authority, for instance <c>https://login.example.com/</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>For whom the tokens must be made out. Required with either of the others.</summary>
    public string? Audience { get; set; }

    /// <summary>Who must have made them out.</summary>
    /// <value>Default: what the authority says. Required with <see cref="SigningKey"/>.</value>
    public string? Issuer { get; set; }

    /// <summary>The key of HMAC-SHA256, at least 32 bytes, in base64.</summary>
    public string? SigningKey { get; set; }

    public bool IsConfigured => !string.IsNullOrEmpty(Authority) || !string.IsNullOrEmpty(SigningKey);
}
