using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue.Broker;
using Mirai.Queue.Client;
using Mirai.Queue.Inspector;
using Mirai.Queue.Legacy;

namespace Mirai.Queue.Hosting;

/// <summary>The one place that knows which classes belong to which layout.</summary>
internal static class RedisLayoutServices
{
    public static void TryAddLayout(this IServiceCollection services)
    {
        services.TryAddSingleton<RedisBroker>();
        services.TryAddSingleton(CreateLegacyBroker);
        services.TryAddSingleton<NoGroups>();
        services.TryAddSingleton<NewTaskFactory>();
        services.TryAddSingleton<LegacyTaskFactory>();
        services.TryAddSingleton<QueueInspector>();
        services.TryAddSingleton<LegacyInspector>();
        services.TryAddChoice<IBroker, RedisBroker, LegacyBroker>();
        services.TryAddChoice<ISchedulerBroker, RedisBroker, LegacyBroker>();
        services.TryAddChoice<IGroupBroker, RedisBroker, NoGroups>();
        services.TryAddChoice<ITaskFactory, NewTaskFactory, LegacyTaskFactory>();
        services.TryAddChoice<IQueueInspector, QueueInspector, LegacyInspector>();
        services.TryAddSingleton<LegacyMover>();
        services.TryAddSingleton<ILegacyMigration, LegacyMigration>();
        services.TryAddSingleton<LayoutDetector>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LayoutGuard>());
    }

    private static void TryAddChoice<TService, TCurrent, TLegacy>(this IServiceCollection services)
        where TService : class
        where TCurrent : class, TService
        where TLegacy : class, TService =>
        services.TryAddSingleton<TService>(provider => OptionsOf(provider).Layout == RedisLayout.Legacy
            ? provider.GetRequiredService<TLegacy>()
            : provider.GetRequiredService<TCurrent>());

    private static LegacyBroker CreateLegacyBroker(IServiceProvider provider) => new(
        provider.GetRequiredService<RedisConnection>(),
        provider.GetRequiredService<RedisBroker>(),
        OptionsOf(provider),
        provider.GetRequiredService<TimeProvider>());

    private static QueueOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<QueueOptions>>().Value;
}
