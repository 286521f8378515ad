using Mirai.Cache.Telemetry;

namespace Mirai.Cache.Locks;

/// <summary>What a lock that is held needs.</summary>
internal sealed record LockKeeping(LockStore Store, CacheMetrics Metrics, TimeProvider Time);
