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

    /// <summary>Registers <see cref="IQueueClient"/> and <see cref="IQueueInspector"/>. The connection to Redis is
    /// opened at the first use.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">The settings.</param>
    /// <returns>A builder for payload types, a worker and periodic tasks.</returns>
    public static MiraiQueueBuilder AddMiraiQueue(this IServiceCollection services, Action<QueueOptions> configure) =>
        services.AddNamedQueue(Options.Options.DefaultName, configure);

    /// <summary>Registers <see cref="IQueueClient"/> and <see cref="IQueueInspector"/> with settings from the section
    /// <c>Queue</c>; the environment variable <c>REDIS_URL</c> overrides its address of Redis.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <returns>A builder for payload types, a worker and periodic tasks.</returns>
    public static MiraiQueueBuilder AddMiraiQueue(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<QueueOptions>().Bind(configuration.GetSection(Section));

        return services.AddMiraiQueue(options => options.RedisUrl =
            configuration[RedisUrlVariable] is { Length: > 0 } url ? url : options.RedisUrl);
    }

    /// <summary>Registers one of several queues of a process, each with its own Redis, worker and scheduler. Its
    /// services (<see cref="IQueueClient"/>, <see cref="IQueueInspector"/>, <see cref="IQueueServer"/>,
    /// <see cref="IQueueScheduler"/>) are keyed by the name:
    /// <c>[FromKeyedServices("orders")] IQueueClient</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of the services and the name of their options.</param>
    /// <param name="configure">The settings.</param>
    /// <returns>A builder for payload types, a worker and periodic tasks of this queue.</returns>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public static MiraiQueueBuilder AddMiraiQueue(
        this IServiceCollection services, string name, Action<QueueOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddNamedQueue(name, configure);
    }

    /// <summary>Registers one of several queues of a process, with settings from configuration. <c>REDIS_URL</c> does
    /// not apply to it.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The key of the services and the name of their options.</param>
    /// <param name="section">The settings of this queue, for instance the section <c>Orders:Queue</c>.</param>
    /// <returns>A builder for payload types, a worker and periodic tasks of this queue.</returns>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public static MiraiQueueBuilder AddMiraiQueue(
        this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddOptions<QueueOptions>(name).Bind(section);

        return services.AddNamedQueue(name, _ => { });
    }

    private static MiraiQueueBuilder AddNamedQueue(
        this IServiceCollection services, string name, Action<QueueOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<QueueOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<QueueOptions>, RedisUrlValidator>(),
        ]);
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<QueueMetrics>();
        services.TryAddSingleton<PayloadSerializer>();
        services.TryAddSharedConnections();
        services.AddStore(name);
        services.TryAddNamed(name, provider => new StartupHealthCheck(
            provider.GetNamed<IQueueStore>(name), provider.GetNamed<ScriptLoader>(name)));
        services.TryAddNamed<IQueueClient>(name, provider => CreateClient(provider, name));

        return new MiraiQueueBuilder(services, name);
    }

    private static void AddStore(this IServiceCollection services, string name)
    {
        services.TryAddNamed(
            name, provider => provider.FindSharedConnection(provider.GetOptions<QueueOptions>(name).RedisUrl));
        services.TryAddNamed(name, provider => new ScriptLoader(
            provider.GetNamed<RedisConnection>(name), LuaScripts.All));
        services.TryAddNamed(name, provider => new RedisStore(
            provider.GetNamed<RedisConnection>(name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamed<IQueueStore>(name, provider => provider.GetNamed<RedisStore>(name));
        services.TryAddNamed<IGroupStore>(name, provider => provider.GetNamed<RedisStore>(name));
        services.TryAddNamed<ISchedulerStore>(name, provider => provider.GetNamed<RedisStore>(name));
        services.TryAddNamed(name, provider => new QueueInspector(
            provider.GetNamed<RedisConnection>(name), provider.GetNamed<IQueueStore>(name),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamed<IQueueInspector>(name, provider => provider.GetNamed<QueueInspector>(name));
    }

    private static QueueClient CreateClient(IServiceProvider services, string name) => new(
        services.GetNamed<IQueueStore>(name),
        services.GetRequiredService<PayloadSerializer>(),
        services.GetOptions<QueueOptions>(name),
        services.GetRequiredService<QueueMetrics>(),
        services.GetRequiredService<TimeProvider>());
}
