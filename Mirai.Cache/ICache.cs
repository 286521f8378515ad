namespace Mirai.Cache;

/// <summary>The application cache on Redis.</summary>
/// <remarks>An outage of Redis is a state and not an exception: while it lasts, reads miss and writes do nothing, both
/// at once. The exceptions are those of the caller's own mistakes and of the caller's factories.</remarks>
public interface ICache
{
    /// <summary>What the cache can do at the moment.</summary>
    CacheStatus Status { get; }

    /// <summary>Reads an entry.</summary>
    /// <typeparam name="T">The type of the entry's data.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entry; <see langword="null"/> when there is no fresh and undamaged one, or Redis is
    /// away.</returns>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>?> GetAsync<T>(CacheKey<T> key, CancellationToken cancellationToken = default);

    /// <summary>Reads an entry, and calls <paramref name="factory"/> to make it where there is none. However many
    /// callers ask for a key, one factory runs in the process, and through the lock <c>lock:&lt;key&gt;</c> one in all
    /// processes; the other callers get what that factory made. A caller must not hold that lock: it would wait for
    /// itself.</summary>
    /// <typeparam name="T">The type of the entry's data.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value. Its token is cancelled by the hard time-out, and when the last caller
    /// has stopped waiting.</param>
    /// <param name="options">How to store the entry, and how long to wait.</param>
    /// <param name="cancellationToken">Ends this caller's wait; the factory goes on while other callers wait.</param>
    /// <returns>The entry. While Redis is away it comes from the factory and is not stored.</returns>
    /// <exception cref="TimeoutException">The factory took longer than
    /// <see cref="CacheEntryOptions.FactoryHardTimeout"/>, and there was no stale entry to serve.</exception>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheEntry<T>> GetOrCreateEntryAsync<T>(
        CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory, CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Writes an entry.</summary>
    /// <typeparam name="T">The type of the entry's data.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The data.</param>
    /// <param name="options">Lifetime and tags; the lifetime is exact, without jitter.</param>
    /// <param name="condition">What must be true of the existing entry; Redis compares and writes in one step.</param>
    /// <param name="cancellationToken">Ends the wait; the write may still happen.</param>
    /// <returns>The outcome, with the version that is in Redis now.</returns>
    /// <exception cref="InvalidOperationException">No registered JSON context knows
    /// <typeparamref name="T"/>.</exception>
    ValueTask<CacheWriteResult> SetAsync<T>(
        CacheKey<T> key, T value, CacheEntryOptions? options = null, CacheCondition? condition = null,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes an entry. Factories that run for the key at that moment do not store what they make.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">What must be true of the existing entry; Redis compares and deletes in one
    /// step.</param>
    /// <param name="cancellationToken">Ends the wait; the deletion may still happen.</param>
    /// <returns>The outcome. <see cref="CacheWriteStatus.Bypassed"/> means that the cache remembers the deletion, and
    /// delivers it to Redis before it serves anything again.</returns>
    ValueTask<CacheWriteResult> DeleteAsync(
        CacheKey key, CacheCondition? condition = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes every entry whose key matches, on every primary, in small steps. Entries that are written
    /// meanwhile may stay; where that matters, use a tag.</summary>
    /// <param name="pattern">The pattern of the keys.</param>
    /// <param name="cancellationToken">Stops between two steps; what is deleted stays deleted.</param>
    /// <returns>The number of deleted entries, and whether Redis took the whole invalidation.</returns>
    ValueTask<CacheInvalidation> InvalidateAsync(CachePattern pattern, CancellationToken cancellationToken = default);

    /// <summary>Counts the entries that <see cref="InvalidateAsync"/> would delete. While Redis resizes its table,
    /// some keys may be counted twice.</summary>
    /// <param name="pattern">The pattern of the keys.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The number; <see langword="null"/> when Redis is away.</returns>
    ValueTask<long?> CountAsync(CachePattern pattern, CancellationToken cancellationToken = default);

    /// <summary>Invalidates every entry that was written with a tag, in one step however many there are.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellationToken">Ends the wait; the invalidation may still happen.</param>
    /// <returns>Whether Redis took the invalidation.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is not a tag; see
    /// <see cref="CacheKey.CheckTag"/>.</exception>
    ValueTask<CacheInvalidation> InvalidateTagAsync(string tag, CancellationToken cancellationToken = default);

    /// <summary>Deletes entries whose timestamp is older than 24 hours: other services may write entries with a longer
    /// lifetime, or with none. Such entries are never served; their deletion frees memory. A task such as
    /// <c>cleanup:expired</c> calls this method.</summary>
    /// <param name="cancellationToken">Stops between two steps; what is deleted stays deleted.</param>
    /// <returns>The number of deleted entries; <see langword="null"/> when Redis is away.</returns>
    ValueTask<long?> RemoveStaleAsync(CancellationToken cancellationToken = default);
}

/// <summary>Short forms of the methods of <see cref="ICache"/>.</summary>
public static class CacheExtensions
{
    /// <summary>Reads a value, and calls <paramref name="factory"/> to make it where there is none: as
    /// <see cref="ICache.GetOrCreateEntryAsync"/>, without the metadata.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value.</param>
    /// <param name="options">How to store the entry, and how long to wait.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <returns>The value. Other callers may hold the same instance: treat it as read-only.</returns>
    /// <exception cref="TimeoutException">The factory took too long, and there was no stale entry to
    /// serve.</exception>
    public static async ValueTask<T> GetOrCreateAsync<T>(
        this ICache cache, CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory,
        CacheEntryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var entry = await cache.GetOrCreateEntryAsync(key, factory, options, cancellationToken).ConfigureAwait(false);

        return entry.Value;
    }
}
