using Microsoft.Extensions.Caching.Hybrid;

namespace Mirai.Cache.Adapters;

/// <summary>The cache as a <see cref="HybridCache"/>. Several callers may get the same instance of a value: treat it
/// as read-only.</summary>
internal sealed class MiraiHybridCache(ICache cache) : HybridCache
{
    private const string Prefix = "hybrid:";
    private const string AnyTag = "*";

    private static readonly CachePattern EveryEntry = CachePattern.StartingWith(Prefix);

    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var name = NameOf<T>(key);
        if (Has(options, HybridCacheEntryFlags.DisableUnderlyingData))
        {
            var entry = await cache.GetAsync(name, cancellationToken).ConfigureAwait(false);
            return entry is null ? default! : entry.Value;
        }

        return await cache.GetOrCreateAsync(
            name, token => factory(state, token), OptionsFor(options, tags), cancellationToken)
            .ConfigureAwait(false);
    }

    public override async ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (!Has(options, HybridCacheEntryFlags.DisableDistributedCacheWrite))
        {
            await cache.SetAsync(NameOf<T>(key), value, OptionsFor(options, tags), condition: null, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        await cache.DeleteAsync(NameOf<object>(key), condition: null, cancellationToken).ConfigureAwait(false);

    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        if (tag == AnyTag)
        {
            await cache.InvalidateAsync(EveryEntry, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await cache.InvalidateTagAsync(AdapterNames.Tag(tag), cancellationToken).ConfigureAwait(false);
        }
    }

    private static CacheKey<T> NameOf<T>(string key) => CacheKey.Of<T>(AdapterNames.Key(Prefix, key));

    private static bool Has(HybridCacheEntryOptions? options, HybridCacheEntryFlags flag) =>
        options?.Flags?.HasFlag(flag) == true;

    private static CacheEntryOptions OptionsFor(HybridCacheEntryOptions? options, IEnumerable<string>? tags) => new()
    {
        TimeToLive = Within(options?.Expiration),
        LocalTimeToLive = Has(options, HybridCacheEntryFlags.DisableLocalCacheWrite)
            ? TimeSpan.Zero
            : Within(options?.LocalCacheExpiration),
        Tags = [.. (tags ?? []).Select(AdapterNames.Tag)],
        ReadsLocal = !Has(options, HybridCacheEntryFlags.DisableLocalCacheRead),
        ReadsRedis = !Has(options, HybridCacheEntryFlags.DisableDistributedCacheRead),
        WritesRedis = !Has(options, HybridCacheEntryFlags.DisableDistributedCacheWrite),
    };

    private static TimeSpan? Within(TimeSpan? span) =>
        span > CacheEntryOptions.LongestLife ? CacheEntryOptions.LongestLife : span;
}
