using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Cache.Client;
using Mirai.Cache.Hosting;
using Mirai.Testing;

namespace Mirai.Cache.Tests;

/// <summary>A cache with everything a process of its own would have: connection, single flight, first level.</summary>
internal sealed class CacheNode : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private CacheNode(ServiceProvider services, TestLog log)
    {
        this.services = services;
        Log = log;
        Metrics = new CacheMeasurements(services);
    }

    public ICache Cache => services.GetRequiredService<ICache>();

    public ICacheLocks Locks => services.GetRequiredService<ICacheLocks>();

    public CacheParts Parts => services.GetRequiredService<CacheParts>();

    public IServiceProvider Services => services;

    public CacheMeasurements Metrics { get; }

    /// <summary>What it logged at information or above.</summary>
    public ConcurrentQueue<string> Log { get; }

    public static CacheNode Create(
        string url, Action<CacheOptions>? configure = null, Action<MiraiCacheBuilder>? build = null,
        TimeProvider? time = null)
    {
        var log = new TestLog();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton(time ?? TimeProvider.System);
        var builder = services.AddMiraiCache(options =>
        {
            options.RedisUrl = url;
            options.RedisTimeout = TimeSpan.FromSeconds(5); // a busy machine is no outage
            configure?.Invoke(options);
        });
        builder.AddJsonContext(TestJsonContext.Default);
        build?.Invoke(builder);

        return new CacheNode(services.BuildServiceProvider(), log);
    }

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await services.DisposeAsync();
    }
}
