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
