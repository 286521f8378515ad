namespace Mirai.Queue.Store;

/// <summary>What a Redis server reports about itself.</summary>
/// <param name="Version">Its version; <see langword="null"/> when it is not reported.</param>
/// <param name="EvictionPolicy">Its <c>maxmemory-policy</c>, for instance <c>noeviction</c>;
/// <see langword="null"/> when it is not reported.</param>
/// <param name="IsFull">The server stores nothing more: its memory is at <c>maxmemory</c>.</param>
internal sealed record RedisFacts(Version? Version, string? EvictionPolicy, bool IsFull = false)
{
    /// <summary>The first version with everything the scripts use (LMOVE's generation: RPOP with a count,
    /// ZMSCORE).</summary>
    public static readonly Version OldestSupported = new(6, 2);

    /// <summary>The facts of a server that reports nothing.</summary>
    public static readonly RedisFacts Unknown = new(null, null);

    /// <summary>The scripts cannot run on this version. An unknown version does not count as too old.</summary>
    public bool IsTooOld => Version is { } version && version < OldestSupported;

    /// <summary>The server may drop keys that have no expiry, and with them tasks that wait.</summary>
    public bool DropsTasks => EvictionPolicy?.StartsWith("allkeys-", StringComparison.Ordinal) == true;

    /// <summary>Which facts are unknown, in one line; <see langword="null"/> when all facts are known.</summary>
    public string? NotChecked => (Version, EvictionPolicy) switch
    {
        (null, null) => "Not checked, because Redis does not tell: its version, its maxmemory-policy.",
        (null, _) => "Not checked, because Redis does not tell: its version.",
        (_, null) => "Not checked, because Redis does not tell: its maxmemory-policy.",
        _ => null,
    };

    /// <summary>Reads the answer to INFO.</summary>
    public static RedisFacts Parse(string info)
    {
        var fields = info.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0], parts => parts[1]);

        return new RedisFacts(
            Version.TryParse(fields["redis_version"].FirstOrDefault(), out var version) ? version : null,
            fields["maxmemory_policy"].FirstOrDefault());
    }
}
