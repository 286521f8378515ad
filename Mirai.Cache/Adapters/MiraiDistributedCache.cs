using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Distributed;
using Mirai.Cache.Client;

namespace Mirai.Cache.Adapters;

/// <summary>The cache as an <see cref="IDistributedCache"/>. The entries have the usual form and live 24 hours at
/// most. While Redis is away, every read misses and nothing is stored.</summary>
internal sealed class MiraiDistributedCache(ICache cache, CacheParts parts) : IDistributedCache
{
    private const string Prefix = "distributed:";

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var name = NameOf(key);
        var entry = await cache.GetAsync(name, token).ConfigureAwait(false);
        if (entry is null)
        {
            return null;
        }

        await SlideAsync(name, entry.Value, token).ConfigureAwait(false);
        return entry.Value.Value;
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) =>
        SetAsync(key, value, options).GetAwaiter().GetResult();

    public async Task SetAsync(
        string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        var now = parts.Time.GetUtcNow();
        var end = options.AbsoluteExpirationRelativeToNow is { } span ? now + span : options.AbsoluteExpiration;
        if (end <= now)
        {
            throw new ArgumentOutOfRangeException(nameof(options), end, "The absolute expiration lies in the past.");
        }

        var stored = new DistributedValue(
            value, (long?)options.SlidingExpiration?.TotalMilliseconds, end?.ToUnixTimeMilliseconds());
        await cache.SetAsync(
            NameOf(key), stored, new CacheEntryOptions { TimeToLive = Lifetime(stored, now) }, condition: null, token)
            .ConfigureAwait(false);
    }

    public void Refresh(string key) => RefreshAsync(key).GetAwaiter().GetResult();

    public Task RefreshAsync(string key, CancellationToken token = default) => GetAsync(key, token);

    public void Remove(string key) => RemoveAsync(key).GetAwaiter().GetResult();

    public async Task RemoveAsync(string key, CancellationToken token = default) =>
        await cache.DeleteAsync(NameOf(key), condition: null, token).ConfigureAwait(false);

    private static CacheKey<DistributedValue> NameOf(string key) =>
        CacheKey.Of<DistributedValue>(AdapterNames.Key(Prefix, key));

    private async ValueTask SlideAsync(CacheKey name, DistributedValue value, CancellationToken token)
    {
        if (value.Sliding is not null)
        {
            var lifetime = Lifetime(value, parts.Time.GetUtcNow());
            await parts.Filling.Entries.TouchAsync(name.Name, lifetime, token).ConfigureAwait(false);
        }
    }

    private static TimeSpan Lifetime(DistributedValue value, DateTimeOffset now)
    {
        var longest = (long)CacheEntryOptions.LongestLife.TotalMilliseconds;
        var left = value.ExpiresAt - now.ToUnixTimeMilliseconds() ?? longest;

        return TimeSpan.FromMilliseconds(Math.Clamp(Math.Min(left, value.Sliding ?? longest), 1, longest));
    }
}

/// <summary>The data of an entry of <see cref="MiraiDistributedCache"/>.</summary>
/// <param name="Value">The bytes, in JSON as base64.</param>
/// <param name="Sliding">How long the entry lives after a read (ms), if reads prolong its life.</param>
/// <param name="ExpiresAt">When the entry ends in any case (Unix ms), if it does.</param>
internal sealed record DistributedValue(byte[] Value, long? Sliding, long? ExpiresAt);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DistributedValue))]
internal sealed partial class AdapterJsonContext : JsonSerializerContext;
