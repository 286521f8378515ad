namespace Mirai.Queue.Broker;

/// <summary>What a Redis server says about itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="EvictionPolicy">What it does when its memory is full, for instance <c>noeviction</c>.</param>
internal sealed record RedisFacts(Version? Version, string? EvictionPolicy)
{
    /// <summary>The first version with everything the scripts use (LMOVE's generation: RPOP with a count, ZMSCORE).</summary>
    public static readonly Version OldestSupported = new(6, 2);

    /// <summary>The server may drop keys that have no expiry, and with them tasks that wait.</summary>
    public bool DropsTasks => EvictionPolicy?.StartsWith("allkeys-", StringComparison.Ordinal) == true;

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
