using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Cache;

/// <summary>Settings of the cache.</summary>
public sealed class CacheOptions
{
    /// <summary>Whether the cache is switched on. While it is off, every read misses and every write does nothing.
    /// <c>ENABLE_REDIS_CACHE</c> sets it.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsEnabled { get; set; } = true;

    /// <summary>The address of Redis: <c>redis://</c>, <c>rediss://</c>, <c>redis-socket://</c>,
    /// <c>redis-sentinel://</c>, or <c>host:port</c>. <c>CACHE_REDIS_URL</c>, or else <c>REDIS_URL</c>, sets it. The
    /// connection is shared with every other library of Mirai that is given exactly the same text, such as
    /// Mirai.Queue.</summary>
    /// <value>Default: <c>localhost:6379</c>.</value>
    [Required]
    public string RedisUrl { get; set; } = "localhost:6379";

    /// <summary>How long an entry is fresh whose <see cref="CacheEntryOptions.TimeToLive"/> is not set.</summary>
    /// <value>1 ms to 24 h. Default: 300 s.</value>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The share of its lifetime that an entry made by a factory may lose at random.</summary>
    /// <value>0 to 0.5. Default: 0.1.</value>
    [Range(0, 0.5)]
    public double Jitter { get; set; } = 0.1;

    /// <summary>How long a caller waits at most for one answer of Redis.</summary>
    /// <value>10 ms to 10 s. Default: 250 ms.</value>
    [TimeSpanRange("00:00:00.01", "00:00:10")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Settings of the first level, inside the process.</summary>
    [ValidateObjectMembers]
    public LocalLevelOptions Local { get; } = new();
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;

/// <summary>Checks what attributes cannot: the form of the address, and that no tracked prefix begins with
/// another.</summary>
internal sealed class CacheOptionsRules : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.IsEnabled && FindFlaw(options.RedisUrl) is { } flaw)
        {
            result.AddError(flaw, "RedisUrl (CACHE_REDIS_URL, REDIS_URL)");
        }

        // Redis refuses to track two prefixes of which one begins with the other.
        var prefixes = options.Local.TrackedPrefixes;
        if (prefixes.Any(prefix => prefix.Length == 0)
            || prefixes.Where((first, i) => prefixes.Skip(i + 1).Any(second => Overlap(first, second))).Any())
        {
            result.AddError("A prefix is empty, or one prefix begins with another.", "Local.TrackedPrefixes");
        }

        return result.Build();
    }

    private static string? FindFlaw(string address)
    {
        try
        {
            RedisAddress.Parse(address);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static bool Overlap(string first, string second) =>
        first.StartsWith(second, StringComparison.Ordinal) || second.StartsWith(first, StringComparison.Ordinal);
}
