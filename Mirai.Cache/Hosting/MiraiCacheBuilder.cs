using System.Text.Json.Serialization;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mirai.Cache.Adapters;
using StackExchange.Redis;

namespace Mirai.Cache.Hosting;

/// <summary>Configures the cache that <c>AddMiraiCache</c> has registered.</summary>
public sealed class MiraiCacheBuilder
{
    internal MiraiCacheBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Registers the JSON of types that entries hold. The first context that knows a type serializes it,
    /// with its own options.</summary>
    /// <param name="context">A source-generated context, for instance <c>MyJsonContext.Default</c>.</param>
    /// <returns>This builder.</returns>
    public MiraiCacheBuilder AddJsonContext(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Services.AddSingleton(new CacheJsonContext(context));
        return this;
    }

    /// <summary>Uses a connection of the application instead of one to <see cref="CacheOptions.RedisUrl"/>. The
    /// application closes it.</summary>
    /// <param name="connect">Opens or finds the connection; called at the first use, and again after it has failed.
    /// The connection should fail commands at once while it is down (<c>BacklogPolicy.FailFast</c>).</param>
    /// <returns>This builder.</returns>
    public MiraiCacheBuilder UseConnection(Func<IServiceProvider, Task<IConnectionMultiplexer>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        Services.Replace(ServiceDescriptor.Singleton(
            services => new CacheConnection(new RedisConnection(() => connect(services), isOwned: false))));
        return this;
    }

    /// <summary>Keeps copies of entries inside the process.</summary>
    /// <param name="configure">Changes the settings of the first level.</param>
    /// <returns>This builder.</returns>
    public MiraiCacheBuilder AddLocalLevel(Action<LocalLevelOptions>? configure = null)
    {
        Services.Configure<CacheOptions>(options =>
        {
            options.Local.IsEnabled = true;
            configure?.Invoke(options.Local);
        });
        return this;
    }

    /// <summary>Makes the cache the application's <see cref="IDistributedCache"/>, with keys that begin with
    /// <c>distributed:</c>. Entries live 24 hours at most.</summary>
    /// <returns>This builder.</returns>
    public MiraiCacheBuilder AddDistributedCache()
    {
        Services.Replace(ServiceDescriptor.Singleton<IDistributedCache, MiraiDistributedCache>());
        return this;
    }

    /// <summary>Makes the cache the application's <see cref="HybridCache"/>, with keys that begin with
    /// <c>hybrid:</c>.</summary>
    /// <returns>This builder.</returns>
    public MiraiCacheBuilder AddHybridCache()
    {
        Services.Replace(ServiceDescriptor.Singleton<HybridCache, MiraiHybridCache>());
        return this;
    }
}

/// <summary>A JSON context for entries. Wrapped, because the application may register contexts for other
/// libraries.</summary>
internal sealed record CacheJsonContext(JsonSerializerContext Context);

/// <summary>The connection of the cache: its own, the application's, or one that is shared by address.</summary>
internal sealed record CacheConnection(RedisConnection Connection);
