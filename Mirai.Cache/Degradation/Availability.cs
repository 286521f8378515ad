using Microsoft.Extensions.Logging;
using Mirai.Cache.Store;

namespace Mirai.Cache.Degradation;

/// <summary>Whether the cache calls Redis at all, and the invalidations that Redis has not taken yet. While there is
/// such an invalidation, the cache serves nothing, because any entry could be an invalidated one. Every change of the
/// state writes one log line.</summary>
internal sealed partial class Availability(bool isEnabled, TimeProvider time, ILogger<Availability> logger)
{
    private readonly Lock gate = new();
    private readonly PendingInvalidations pending = new();
    private volatile int status = (int)(isEnabled ? CacheStatus.Idle : CacheStatus.Disabled);
    private DateTimeOffset degradedSince;
    private int deliveredCount;

    /// <summary>Called once for each time that Redis goes away; starts the recovery.</summary>
    public Action? Degraded { get; set; }

    public CacheStatus Status => (CacheStatus)status;

    /// <summary>Whether Redis may be called.</summary>
    public bool IsOpen => Status is CacheStatus.Idle or CacheStatus.Available;

    /// <summary>Redis answered a call.</summary>
    public void Answered()
    {
        if (Status == CacheStatus.Idle)
        {
            Interlocked.CompareExchange(ref status, (int)CacheStatus.Available, (int)CacheStatus.Idle);
        }
    }

    /// <summary>Redis went away.</summary>
    public void Degrade(string reason)
    {
        lock (gate)
        {
            if (!IsOpen)
            {
                return;
            }

            status = (int)CacheStatus.Degraded;
            degradedSince = time.GetUtcNow();
            deliveredCount = 0;
        }

        LogDegraded(logger, reason);
        Degraded?.Invoke();
    }

    /// <summary>Remembers an invalidation that Redis did not take, and stops serving until Redis has taken
    /// it.</summary>
    public void Keep(Invalidation invalidation)
    {
        if (Status == CacheStatus.Disabled)
        {
            return;
        }

        lock (gate)
        {
            pending.Add(invalidation);
        }

        Degrade("Redis did not accept an invalidation");
    }

    /// <summary>The oldest invalidation that Redis has not taken.</summary>
    public Invalidation? NextPending()
    {
        lock (gate)
        {
            return pending.Oldest;
        }
    }

    /// <summary>Redis has taken a pending invalidation.</summary>
    public void Delivered(Invalidation invalidation)
    {
        lock (gate)
        {
            pending.Remove(invalidation);
            deliveredCount++;
        }
    }

    /// <summary>Lets callers through again, unless another invalidation has become pending.</summary>
    public bool TryRestore()
    {
        TimeSpan duration;
        int count;
        lock (gate)
        {
            if (pending.Count > 0)
            {
                return false;
            }

            duration = time.GetUtcNow() - degradedSince;
            count = deliveredCount;
            status = (int)CacheStatus.Available;
        }

        LogRestored(logger, duration, count);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The cache works without Redis: {Reason}. Until Redis answers, reads miss, writes are skipped and "
            + "invalidations are remembered; the cache keeps trying. Check that Redis is up, reachable and writable")]
    private static partial void LogDegraded(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The cache uses Redis again after {Duration}; it delivered {Count} remembered invalidations first")]
    private static partial void LogRestored(ILogger logger, TimeSpan duration, int count);
}
