namespace Mirai.Cache;

/// <summary>Locks that processes share through Redis: key <c>lock:&lt;key&gt;</c>, as Go and TypeScript services take
/// them.</summary>
/// <remarks>
/// <para>A lock on Redis makes it unlikely that two do the same work; it cannot make it impossible. A holder that is
/// frozen past its lock's lifetime (a paused machine, a long garbage collection) still believes in it, and a failover
/// can forget a lock that was just taken. Where two holders would do harm, give <see cref="CacheLock.FencingToken"/>
/// to what the lock protects, and let that refuse a token lower than the highest it has seen; or do not use a lock on
/// Redis, but a constraint or a row lock of the database that holds the data.</para>
/// </remarks>
public interface ICacheLocks
{
    /// <summary>Takes a lock.</summary>
    /// <param name="key">What it is about; the rules of <see cref="CacheKey.Of"/> apply.</param>
    /// <param name="options">How long it lives, and how long to wait for it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The lock, to be disposed; <see langword="null"/> when somebody else held it all the time, when Redis
    /// is away, and when the cache is switched off.</returns>
    /// <exception cref="ArgumentException">The key is not allowed.</exception>
    ValueTask<CacheLock?> AcquireAsync(
        string key, CacheLockOptions? options = null, CancellationToken cancellationToken = default);
}
