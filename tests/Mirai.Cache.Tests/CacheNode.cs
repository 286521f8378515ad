using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Cache.Client;
using Mirai.Cache.Hosting;
using Mirai.Testing;

namespace Mirai.Cache.Tests;

/// <summary>A cache with the parts of a separate process: connection, single flight, first level.</summary>
internal sealed class CacheNode : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly Pulse pulse;

    private CacheNode(ServiceProvider services, TestLog log, Pulse pulse)
    {
        this.services = services;
        this.pulse = pulse;
        Log = log;
        Metrics = new CacheMeasurements(services, pulse);
    }

    public ICache Cache => services.GetRequiredService<ICache>();

    public ICacheLocks Locks => services.GetRequiredService<ICacheLocks>();

    public CacheParts Parts => services.GetRequiredService<CacheParts>();

    public IServiceProvider Services => services;

    public CacheMeasurements Metrics { get; }

    /// <summary>The log lines at information or above.</summary>
    public ConcurrentQueue<string> Log { get; }

    public static CacheNode Create(
        string url, Action<CacheOptions>? configure = null, Action<MiraiCacheBuilder>? build = null,
        TimeProvider? time = null)
    {
        var pulse = new Pulse();
        var log = new TestLog(pulse.Beat);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton(time ?? TimeProvider.System);
        var builder = services.AddMiraiCache(options =>
        {
            options.RedisUrl = url;
            options.RedisTimeout = TimeSpan.FromSeconds(5); // A busy machine is no outage.
            configure?.Invoke(options);
        });
        builder.AddJsonContext(TestJsonContext.Default);
        build?.Invoke(builder);

        return new CacheNode(services.BuildServiceProvider(), log, pulse);
    }

    /// <summary>Waits until a condition holds. It is checked after everything that the cache measures or
    /// logs.</summary>
    public Task UntilAsync(Func<bool> condition) => pulse.UntilAsync(condition);

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await services.DisposeAsync();
    }
}
