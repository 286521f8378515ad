using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;

namespace Mirai.Benchmarks.Cache;

/// <summary>Mirai.Cache with its defaults; only the time-out is longer, because a busy machine is no outage.</summary>
internal sealed class MiraiPeer : IPeerCache
{
    private readonly ServiceProvider services;
    private readonly ICache cache;

    public MiraiPeer(string redis, bool hasLocalLevel)
    {
        var collection = new ServiceCollection();
        collection.AddMiraiCache(options =>
        {
            options.RedisUrl = redis;
            options.RedisTimeout = TimeSpan.FromSeconds(5);
            options.Local.IsEnabled = hasLocalLevel;
            options.Local.TimeToLive = TimeSpan.FromMinutes(5);
            options.Local.IsTracking = false; // FusionCache has nothing like it
        }).AddJsonContext(ArticleJsonContext.Default);
        services = collection.BuildServiceProvider();
        cache = services.GetRequiredService<ICache>();
    }

    public string Name => "Mirai.Cache";

    public ValueTask<Article> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<Article>> factory) =>
        cache.GetOrCreateAsync(CacheKey.Of<Article>(key), factory);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
