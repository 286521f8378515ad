namespace Mirai.Cache;

/// <summary>The application cache on Redis.</summary>
/// <remarks>That Redis is away is a state and no exception: reads miss and writes do nothing, at once. What throws is
/// what the caller did wrong, and what its own factories throw.</remarks>
public interface ICache
{
    /// <summary>What the cache can do at the moment.</summary>
    CacheStatus Status { get; }

    /// <summary>Reads an entry.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entry; <see langword="null"/> when there is none that is fresh and sound, or Redis is
    /// away.</returns>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>?> GetAsync<T>(CacheKey<T> key, CancellationToken cancellationToken = default);

    /// <summary>Reads an entry, and lets <paramref name="factory"/> make it where there is none. However many callers
    /// ask for a key, one factory runs in the process, and through the lock <c>lock:&lt;key&gt;</c> one in the fleet;
    /// the others get what it made. A caller that holds that lock itself would wait for itself.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="factory">Makes the value. Its token is cancelled by the hard time-out, and when nobody waits any
    /// more.</param>
    /// <param name="options">How to store it, and how long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting; the factory goes on while others wait.</param>
    /// <returns>The entry. While Redis is away it is the factory's, and not stored.</returns>
    /// <exception cref="TimeoutException">The factory took longer than
    /// <see cref="CacheEntryOptions.FactoryHardTimeout"/>, and there was no stale entry to serve.</exception>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>> GetOrCreateEntryAsync<T>(
        CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory, CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Writes an entry.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="value">The data.</param>
    /// <param name="options">Lifetime and tags; the lifetime is exact, without jitter.</param>
    /// <param name="condition">What must be true of the entry that is there; compared and written in one step.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may have happened.</param>
    /// <returns>The outcome, with the version that is there now.</returns>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheWriteResult> SetAsync<T>(
        CacheKey<T> key, T value, CacheEntryOptions? options = null, CacheCondition? condition = null,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes an entry, and keeps factories that run for it from storing what they make.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="condition">What must be true of the entry that is there; compared and deleted in one step.</param>
    /// <param name="cancellationToken">Gives up waiting; the deletion may have happened.</param>
    /// <returns>The outcome. <see cref="CacheWriteStatus.Bypassed"/> means that it is kept, and made up for before the
    /// cache serves anything again.</returns>
    ValueTask<CacheWriteResult> DeleteAsync(
        CacheKey key, CacheCondition? condition = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes every entry whose key matches, on every primary, in small steps. Entries written meanwhile may
    /// stay; where that matters, use a tag.</summary>
    /// <param name="pattern">The keys.</param>
    /// <param name="cancellationToken">Stops in the middle.</param>
    /// <returns>How many were deleted, and whether Redis took it all.</returns>
    ValueTask<CacheInvalidation> InvalidateAsync(CachePattern pattern, CancellationToken cancellationToken = default);

    /// <summary>Counts what <see cref="InvalidateAsync"/> would delete: a dry run. While Redis resizes its table, some
    /// keys may be counted twice.</summary>
    /// <param name="pattern">The keys.</param>
    /// <param name="cancellationToken">Stops in the middle.</param>
    /// <returns>The number; <see langword="null"/> when Redis is away.</returns>
    ValueTask<long?> CountAsync(CachePattern pattern, CancellationToken cancellationToken = default);

    /// <summary>Invalidates every entry written under a tag, in one step however many there are.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have happened.</param>
    /// <returns>Whether Redis took it.</returns>
    /// <exception cref="ArgumentException">It is not a tag.</exception>
    ValueTask<CacheInvalidation> InvalidateTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>Deletes entries that are older than 24 hours, by their timestamp: what others wrote with a longer
    /// lifetime, or none. No reader accepts them; this gives back their memory. A task such as <c>cleanup:expired</c>
    /// calls it.</summary>
    /// <param name="cancellationToken">Stops in the middle; what is deleted stays deleted.</param>
    /// <returns>How many were deleted; <see langword="null"/> when Redis is or went away.</returns>
    ValueTask<long?> RemoveStaleAsync(CancellationToken cancellationToken = default);
}
