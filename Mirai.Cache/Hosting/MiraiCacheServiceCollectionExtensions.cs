using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Cache;
using Mirai.Cache.Adapters;
using Mirai.Cache.Client;
using Mirai.Cache.Entries;
using Mirai.Cache.Hosting;
using Mirai.Cache.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Cache.</summary>
public static class MiraiCacheServiceCollectionExtensions
{
    private const string Section = "Cache";
    private const string EnabledVariable = "ENABLE_REDIS_CACHE";
    private const string RedisUrlVariable = "REDIS_URL";
    private const string CacheRedisUrlVariable = "CACHE_REDIS_URL";

    /// <summary>Registers <see cref="ICache"/> and <see cref="ICacheLocks"/>. Redis is not connected before the
    /// first use; the connection is shared with every other library of Mirai that is given the same address.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>A builder for types, the first level and the adapters.</returns>
    public static MiraiCacheBuilder AddMiraiCache(this IServiceCollection services, Action<CacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<CacheOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSharedConnections();
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton(Connect);
        services.TryAddSingleton(Serializer);
        services.TryAddSingleton(Parts);
        services.TryAddSingleton<ICache>(provider => new RedisCache(provider.GetRequiredService<CacheParts>()));
        services.TryAddSingleton<ICacheLocks>(provider => provider.GetRequiredService<CacheParts>().Locks);

        return new MiraiCacheBuilder(services);
    }

    /// <summary>Registers <see cref="ICache"/> and <see cref="ICacheLocks"/> with settings from the section
    /// <c>Cache</c>; <c>CACHE_REDIS_URL</c>, or else <c>REDIS_URL</c>, is the address of Redis, and
    /// <c>ENABLE_REDIS_CACHE</c> (true or false, 1 or 0) switches the cache on or off.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <returns>A builder for types, the first level and the adapters.</returns>
    /// <exception cref="FormatException"><c>ENABLE_REDIS_CACHE</c> has another value.</exception>
    public static MiraiCacheBuilder AddMiraiCache(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<CacheOptions>().Bind(configuration.GetSection(Section));
        var isEnabled = ReadSwitch(configuration[EnabledVariable]);

        return services.AddMiraiCache(options =>
        {
            options.RedisUrl = NotEmpty(configuration[CacheRedisUrlVariable])
                ?? NotEmpty(configuration[RedisUrlVariable])
                ?? options.RedisUrl;
            options.IsEnabled = isEnabled ?? options.IsEnabled;
        });
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static bool? ReadSwitch(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException($"{EnabledVariable} must be true, false, 1 or 0."),
    };

    private static CacheConnection Connect(IServiceProvider services) =>
        new(services.FindSharedConnection(services.GetRequiredService<IOptions<CacheOptions>>().Value.RedisUrl));

    private static EntrySerializer Serializer(IServiceProvider services) => new(
    [
        .. services.GetServices<CacheJsonContext>().Select(registered => registered.Context),
        BasicJsonContext.Default,
        AdapterJsonContext.Default,
    ]);

    private static CacheParts Parts(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<CacheOptions>>().Value,
        services.GetRequiredService<CacheConnection>().Connection,
        services.GetRequiredService<EntrySerializer>(),
        services.GetRequiredService<CacheMetrics>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>());
}
