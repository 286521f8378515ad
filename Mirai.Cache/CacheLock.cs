namespace Mirai.Cache;

/// <summary>A lock that is held. Disposing it gives it back; it renews itself until then.</summary>
/// <remarks>See <see cref="ICacheLocks"/> for what a lock on Redis cannot promise.</remarks>
public abstract class CacheLock : IAsyncDisposable
{
    /// <summary>What the lock is about; in Redis it is <c>lock:&lt;key&gt;</c>.</summary>
    public abstract string Key { get; }

    /// <summary>What stands in the lock: <c>&lt;Unix nanoseconds&gt;-&lt;8 hex digits&gt;</c>.</summary>
    public abstract string Owner { get; }

    /// <summary>A number that is higher than that of every earlier holder of this lock. What the lock protects should
    /// remember the highest it has seen, and refuse lower ones.</summary>
    public abstract long FencingToken { get; }

    /// <summary>Cancelled while the lock is still held, a tenth of its lifetime before it would end, when it could not
    /// be renewed; and at once when it turns out that somebody took it away. Work under the lock should stop
    /// then.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>The lock is held, as far as this process can know.</summary>
    public abstract bool IsHeld { get; }

    /// <summary>Gives the lock back, if it is still its owner's, and wakes who waits for it. While Redis is away it
    /// ends by itself.</summary>
    /// <returns>When Redis has answered, or the time-out is over.</returns>
    public abstract ValueTask DisposeAsync();
}
