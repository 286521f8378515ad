using System.ComponentModel.DataAnnotations;

namespace Mirai.Cache;

/// <summary>Settings of the first level: copies of entries inside the process, so that a hit costs no round
/// trip.</summary>
/// <remarks>A change by another Mirai process takes a copy away at once. A change by anybody else (a Go service,
/// redis-cli) does with <see cref="IsTracking"/>; without, or when the news got lost, it shows after
/// <see cref="TimeToLive"/> at the latest.</remarks>
public sealed class LocalLevelOptions
{
    /// <summary>Whether there is a first level.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsEnabled { get; set; }

    /// <summary>How long a copy is served, and with that the longest time that a change by somebody else can go
    /// unnoticed.</summary>
    /// <value>1 ms to 24 h. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much JSON the copies stand for, in bytes; objects in memory are some times larger. Above it,
    /// copies that were not asked for lately go.</summary>
    /// <value>1 KiB to 1 TiB. Default: 64 MiB.</value>
    [Range(1024d, 1024d * 1024 * 1024 * 1024)]
    public long SizeLimit { get; set; } = 64 * 1024 * 1024;

    /// <summary>Asks Redis (6.0 or later) to tell at once of every change of a key in <see cref="TrackedPrefixes"/>,
    /// whoever made it: CLIENT TRACKING, on a connection of its own to each primary.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsTracking { get; set; } = true;

    /// <summary>The beginnings of the keys that Redis tells about; none may begin with another. Other keys on the same
    /// Redis, such as the queue's, cost nothing.</summary>
    /// <value>Default: the families of <see cref="CacheKeys"/> and those of the two adapters.</value>
    [Prefixes]
    public IList<string> TrackedPrefixes { get; } =
        ["library:", "folders:", "folder:", "course:", "courses:", "hybrid:", "distributed:"];
}
