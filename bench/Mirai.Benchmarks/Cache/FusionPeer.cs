using Microsoft.Extensions.Caching.StackExchangeRedis;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace Mirai.Benchmarks.Cache;

/// <summary>FusionCache on the same Redis, with the same lifetime and jitter.</summary>
internal sealed class FusionPeer : IPeerCache
{
    private readonly RedisCache distributed;
    private readonly FusionCache cache;

    public FusionPeer(string redis, bool hasLocalLevel)
    {
        distributed = new RedisCache(
            new RedisCacheOptions { ConfigurationOptions = ConfigurationOptions.Parse(redis) });
        var options = new FusionCacheOptions
        {
            DefaultEntryOptions = new FusionCacheEntryOptions(TimeSpan.FromSeconds(300))
            {
                JitterMaxDuration = TimeSpan.FromSeconds(30),
                SkipMemoryCacheRead = !hasLocalLevel,
                SkipMemoryCacheWrite = !hasLocalLevel,
            },
        };
        cache = new FusionCache(options);
        cache.SetupDistributedCache(distributed, new ArticleSerializer());
    }

    public string Name => "FusionCache";

    public ValueTask<Article> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<Article>> factory) =>
        cache.GetOrSetAsync<Article>(key, async (_, token) => await factory(token));

    public ValueTask DisposeAsync()
    {
        cache.Dispose();
        distributed.Dispose();
        return ValueTask.CompletedTask;
    }
}
