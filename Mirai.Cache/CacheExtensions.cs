namespace Mirai.Cache;

/// <summary>Short forms.</summary>
public static class CacheExtensions
{
    /// <summary>Reads a value, and lets <paramref name="factory"/> make it where there is none: as
    /// <see cref="ICache.GetOrCreateEntryAsync"/>, without the metadata.</summary>
    /// <typeparam name="T">What the entry holds.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value.</param>
    /// <param name="options">How to store it, and how long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value. Others may hold the same instance: treat it as read-only.</returns>
    /// <exception cref="TimeoutException">The factory took too long, and there was no stale entry to
    /// serve.</exception>
    public static async ValueTask<T> GetOrCreateAsync<T>(
        this ICache cache, CacheKey<T> key, Func<CancellationToken, ValueTask<T>> factory,
        CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var entry = await cache.GetOrCreateEntryAsync(key, factory, options, cancellationToken).ConfigureAwait(false);

        return entry.Value;
    }
}
