namespace Mirai.Cache.Telemetry;

/// <summary>Every name that telemetry of Mirai.Cache has.</summary>
public static class TelemetryNames
{
    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
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
