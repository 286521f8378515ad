namespace Mirai.Cache;

/// <summary>A lock that is held. It renews itself until it is disposed, which releases it.</summary>
/// <remarks>See <see cref="ICacheLocks"/> for what a lock on Redis cannot promise.</remarks>
public abstract class CacheLock : IAsyncDisposable
{
    /// <summary>The subject of the lock; its key in Redis is <c>lock:&lt;key&gt;</c>.</summary>
    public abstract string Key { get; }

    /// <summary>The value of the key in Redis: <c>&lt;Unix nanoseconds&gt;-&lt;8 hex digits&gt;</c>.</summary>
    public abstract string Owner { get; }

    /// <summary>A number that is higher than that of every earlier holder of this lock. The protected resource should
    /// remember the highest token that it has seen, and refuse lower ones.</summary>
    public abstract long FencingToken { get; }

    /// <summary>Cancelled a tenth of the lifetime before the lock ends, when the lock could not be renewed; and at
    /// once when a renewal finds that the lock has another owner or is gone. Work under the lock should stop
    /// then.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>Whether the lock is held, as far as this process can know.</summary>
    public abstract bool IsHeld { get; }

    /// <summary>Releases the lock, unless it has another owner by now, and wakes those who wait for it. While Redis is
    /// away, the lock ends by its lifetime.</summary>
    /// <returns>A task that ends when Redis has answered, or when the time-out is over.</returns>
    public abstract ValueTask DisposeAsync();
}
