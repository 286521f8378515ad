using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mirai.Queue;
using Mirai.Queue.Client;
using Mirai.Queue.Hosting;
using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Queue.</summary>
public static class MiraiQueueServiceCollectionExtensions
{
    private const string Section = "Queue";
    private const string RedisUrlVariable = "REDIS_URL";
    private const string LayoutVariable = "QUEUE_LAYOUT";

    /// <summary>Registers <see cref="IQueueClient"/> and <see cref="IQueueInspector"/>. Nothing is connected before
    /// the first use.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">The settings.</param>
    /// <returns>A builder for payload types and a worker.</returns>
    public static MiraiQueueBuilder AddMiraiQueue(this IServiceCollection services, Action<QueueOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<QueueOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, RedisUrlValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, RedisLayoutValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<QueueMetrics>();
        services.TryAddSingleton<PayloadSerializer>();
        services.TryAddSharedConnections();
        services.TryAddSingleton(Connect);
        services.TryAddSingleton<RedisStore>();
        services.TryAddSingleton<QueueInspector>();
        services.TryAddSingleton<IQueueStore>(provider => provider.GetRequiredService<RedisStore>());
        services.TryAddSingleton<IGroupStore>(provider => provider.GetRequiredService<RedisStore>());
        services.TryAddSingleton<ISchedulerStore>(provider => provider.GetRequiredService<RedisStore>());
        services.TryAddSingleton<IQueueInspector>(provider => provider.GetRequiredService<QueueInspector>());
        services.TryAddSingleton(provider => new ScriptLoader(
            provider.GetRequiredService<RedisConnection>(), LuaScripts.All));
        services.TryAddSingleton<StartupState>();
        services.TryAddSingleton<IQueueClient>(CreateClient);

        return new MiraiQueueBuilder(services);
    }

    /// <summary>Registers <see cref="IQueueClient"/> and <see cref="IQueueInspector"/> with settings from the section
    /// <c>Queue</c>; <c>REDIS_URL</c>, if set, says where Redis is.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <returns>A builder for payload types and a worker.</returns>
    public static MiraiQueueBuilder AddMiraiQueue(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<QueueOptions>().Bind(configuration.GetSection(Section));

        return services.AddMiraiQueue(options =>
        {
            options.RedisUrl = configuration[RedisUrlVariable] is { Length: > 0 } url ? url : options.RedisUrl;
            options.Layout = configuration[LayoutVariable] is { Length: > 0 } layout
                ? ReadLayout(layout) : options.Layout;
        });
    }

    private static RedisLayout ReadLayout(string text) => text.ToLowerInvariant() switch
    {
        "current" => RedisLayout.Current,
        "legacy" => RedisLayout.Legacy,
        _ => throw new OptionsValidationException(
            Microsoft.Extensions.Options.Options.DefaultName,
            typeof(QueueOptions),
            [$"{LayoutVariable} is '{text}'; it must be current or legacy."]),
    };

    private static QueueClient CreateClient(IServiceProvider services) => new(
        services.GetRequiredService<IQueueStore>(),
        services.GetRequiredService<PayloadSerializer>(),
        services.GetRequiredService<IOptions<QueueOptions>>().Value,
        services.GetRequiredService<QueueMetrics>(),
        services.GetRequiredService<TimeProvider>());

    private static RedisConnection Connect(IServiceProvider services) =>
        services.FindSharedConnection(services.GetRequiredService<IOptions<QueueOptions>>().Value.RedisUrl);
}
