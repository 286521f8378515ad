using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Cache;

/// <summary>Settings of the cache.</summary>
public sealed class CacheOptions
{
    /// <summary>Whether there is a cache at all; without, every read misses and every write does nothing.
    /// <c>ENABLE_REDIS_CACHE</c> sets it.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Where Redis is: <c>redis://</c>, <c>rediss://</c>, <c>redis-socket://</c>, <c>redis-sentinel://</c>,
    /// or <c>host:port</c>. <c>CACHE_REDIS_URL</c>, or else <c>REDIS_URL</c>, sets it. The connection is shared with
    /// whoever names the same address in the same words, such as Mirai.Queue.</summary>
    /// <value>Default: <c>localhost:6379</c>.</value>
    [Required]
    public string RedisUrl { get; set; } = "localhost:6379";

    /// <summary>How long an entry is fresh that does not say so itself.</summary>
    /// <value>1 ms to 24 h. Default: 300 s.</value>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The share of its lifetime that an entry made by a factory may lose at random.</summary>
    /// <value>0 to 0.5. Default: 0.1.</value>
    [Range(0, 0.5)]
    public double Jitter { get; set; } = 0.1;

    /// <summary>The longest that a caller waits for one answer of Redis.</summary>
    /// <value>10 ms to 10 s. Default: 250 ms.</value>
    [TimeSpanRange("00:00:00.01", "00:00:10")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The first level, inside the process.</summary>
    [ValidateObjectMembers]
    public LocalLevelOptions Local { get; } = new();
}
