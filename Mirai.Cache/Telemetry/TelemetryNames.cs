namespace Mirai.Cache.Telemetry;

/// <summary>Every name in the telemetry of Mirai.Cache.</summary>
public static class TelemetryNames
{
    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string Meter = "Mirai.Cache";

    internal const string Hits = "mirai.cache.hits";
    internal const string Misses = "mirai.cache.misses";
    internal const string StaleServed = "mirai.cache.stale_served";
    internal const string Joined = "mirai.cache.joined";
    internal const string Bypassed = "mirai.cache.bypassed";
    internal const string Errors = "mirai.cache.errors";
    internal const string OperationDuration = "mirai.cache.operation.duration";
    internal const string FactoryDuration = "mirai.cache.factory.duration";
    internal const string Removed = "mirai.cache.removed";
    internal const string LockWait = "mirai.cache.lock.wait.duration";
    internal const string LocksLost = "mirai.cache.locks.lost";
    internal const string LocalSize = "mirai.cache.local.size";

    internal const string Level = "mirai.cache.level";
    internal const string Reason = "mirai.cache.reason";
    internal const string Operation = "mirai.cache.operation";
    internal const string Outcome = "mirai.cache.outcome";
    internal const string ErrorType = "error.type";
}

/// <summary>Where a read found its entry.</summary>
internal static class HitLevel
{
    public const string Local = "local";
    public const string Redis = "redis";
}

/// <summary>Why a read missed.</summary>
internal static class MissReason
{
    public const string Absent = "absent";
    public const string Expired = "expired";
    public const string Damaged = "damaged";
    public const string NewerVersion = "version";
    public const string Tag = "tag";
    public const string Bypassed = "bypassed";
}

/// <summary>Why a stale entry was served.</summary>
internal static class StaleReason
{
    /// <summary>A factory makes the next entry in the background.</summary>
    public const string Revalidating = "revalidating";

    /// <summary>The factory failed.</summary>
    public const string Error = "error";

    /// <summary>The factory takes longer than the soft time-out.</summary>
    public const string Slow = "slow";
}
