namespace Mirai.Cache;

/// <summary>Locks that processes share through Redis: key <c>lock:&lt;key&gt;</c>, as Go and TypeScript services take
/// them.</summary>
/// <remarks>
/// <para>A lock on Redis makes it unlikely that two processes do the same work; it cannot make it impossible. A holder
/// that is frozen past the lifetime of its lock (a paused machine, a long garbage collection) still believes in the
/// lock, and a failover can lose a lock that was just taken. Where two holders would do harm, pass
/// <see cref="CacheLock.FencingToken"/> to the protected resource, and let the resource refuse a token lower than the
/// highest that it has seen; or use a constraint or a row lock of the database that holds the data instead.</para>
/// </remarks>
public interface ICacheLocks
{
    /// <summary>Takes a lock.</summary>
    /// <param name="key">The subject of the lock; the rules of <see cref="CacheKey.Of"/> apply.</param>
    /// <param name="options">The lifetime of the lock, and how long to wait for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lock, to be disposed; <see langword="null"/> when another owner held it all the time, when Redis
    /// is away, and when the cache is switched off.</returns>
    /// <exception cref="ArgumentException">The key is not allowed.</exception>
    ValueTask<CacheLock?> AcquireAsync(
        string key, CacheLockOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>How a lock is taken and kept.</summary>
public sealed record CacheLockOptions
{
    internal static CacheLockOptions Default { get; } = new();

    /// <summary>For locks whose fencing token is not used: no key remembers it.</summary>
    internal static CacheLockOptions WithoutFence { get; } = new() { IsFenced = false };

    /// <summary>How long the lock outlives the last renewal by its owner.</summary>
    /// <value>100 ms to 1 h. Default: 10 s.</value>
    public TimeSpan TimeToLive
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "TimeToLive is between 100 ms and 1 h.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait while another owner holds the lock. The release by a Mirai process wakes those who
    /// wait; a release by another service is noticed within a second.</summary>
    /// <value>0 (try once) to 1 day. Default: 0.</value>
    public TimeSpan WaitTimeout
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "WaitTimeout is between 0 and 1 day.");
    }

    /// <summary>Whether the lock is renewed while it is held, every third of its lifetime.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsRenewed { get; init; } = true;

    internal bool IsFenced { get; init; } = true;
}
