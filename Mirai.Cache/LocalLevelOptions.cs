using System.ComponentModel.DataAnnotations;

namespace Mirai.Cache;

/// <summary>Settings of the first level: copies of entries inside the process. A read that finds a copy costs no round
/// trip.</summary>
/// <remarks>A change by another Mirai process removes a copy at once. A change by another service (Go, redis-cli) does
/// so with <see cref="IsTracking"/>; without tracking, or when the message was lost, the change shows after
/// <see cref="TimeToLive"/> at the latest.</remarks>
public sealed class LocalLevelOptions
{
    /// <summary>Whether the first level is switched on.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsEnabled { get; set; }

    /// <summary>How long a copy is served, which is also the longest time that a change by another service can go
    /// unnoticed.</summary>
    /// <value>1 ms to 24 h. Default: 5 s.</value>
    [TimeSpanRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The JSON size in bytes that all copies together may stand for; as objects in memory they are a few
    /// times larger. Above the limit, copies that were not read lately are removed.</summary>
    /// <value>1 KiB to 1 TiB. Default: 64 MiB.</value>
    [Range(1024d, 1024d * 1024 * 1024 * 1024)]
    public long SizeLimit { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether Redis (6.0 or later) is asked to report every change of a key in <see cref="TrackedPrefixes"/>
    /// at once, whichever client made it: CLIENT TRACKING, on one additional connection to each primary.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsTracking { get; set; } = true;

    /// <summary>The prefixes of the keys whose changes Redis reports; none may begin with another. Add those of your
    /// own keys. Other keys on the same Redis, such as the queue's, cause no messages.</summary>
    /// <value>Default: the prefixes of the two adapters, <c>hybrid:</c> and <c>distributed:</c>.</value>
    public IList<string> TrackedPrefixes { get; } = ["hybrid:", "distributed:"];
}
