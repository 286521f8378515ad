namespace Mirai.Api.Security;

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
