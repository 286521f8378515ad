using Microsoft.Extensions.Logging;
using Mirai.Cache.Store;

namespace Mirai.Cache.Degradation;

/// <summary>Whether the cache asks Redis at all, with the invalidations that Redis does not know of yet. While there
/// is one, the cache serves nothing: it could be what was invalidated. One log line per change.</summary>
internal sealed partial class Availability(bool isEnabled, TimeProvider time, ILogger<Availability> logger)
{
    private readonly Lock gate = new();
    private readonly PendingInvalidations pending = new();
    private volatile int status = (int)(isEnabled ? CacheStatus.Idle : CacheStatus.Disabled);
    private DateTimeOffset degradedSince;
    private int madeUpFor;

    /// <summary>Called once for each time that Redis goes away; it sees to it that Redis comes back.</summary>
    public Action? Degraded { get; set; }

    public CacheStatus Status => (CacheStatus)status;

    /// <summary>Redis may be asked.</summary>
    public bool IsOpen => Status is CacheStatus.Idle or CacheStatus.Available;

    /// <summary>Redis answered.</summary>
    public void Answered()
    {
        if (Status == CacheStatus.Idle)
        {
            Interlocked.CompareExchange(ref status, (int)CacheStatus.Available, (int)CacheStatus.Idle);
        }
    }

    /// <summary>Redis is away.</summary>
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
            madeUpFor = 0;
        }

        LogDegraded(logger, reason);
        Degraded?.Invoke();
    }

    /// <summary>Keeps an invalidation that Redis did not take, and stops serving until it has.</summary>
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

        Degrade("an invalidation was not delivered");
    }

    /// <summary>The oldest invalidation that Redis does not know of.</summary>
    public Invalidation? NextPending()
    {
        lock (gate)
        {
            return pending.Oldest;
        }
    }

    public void Delivered(Invalidation invalidation)
    {
        lock (gate)
        {
            pending.Remove(invalidation);
            madeUpFor++;
        }
    }

    /// <summary>Opens again, unless another invalidation has come in.</summary>
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
            count = madeUpFor;
            status = (int)CacheStatus.Available;
        }

        LogRestored(logger, duration, count);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The cache does without Redis until that answers again: {Reason}")]
    private static partial void LogDegraded(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The cache uses Redis again after {Duration}; {Count} invalidations were made up for")]
    private static partial void LogRestored(ILogger logger, TimeSpan duration, int count);
}
