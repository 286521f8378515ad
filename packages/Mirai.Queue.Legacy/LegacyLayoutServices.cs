using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Queue;
using Mirai.Queue.Hosting;
using Mirai.Queue.Inspector;
using Mirai.Queue.Legacy;
using Mirai.Queue.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the layout of Asynq before 0.12.</summary>
public static class LegacyLayoutServices
{
    /// <summary>Lets <see cref="QueueOptions.Layout"/> choose the legacy layout, looks at the start whether the
    /// database holds keys of the other layout, and registers <see cref="ILegacyMigration"/>.</summary>
    /// <param name="builder">What <c>AddMiraiQueue</c> returned.</param>
    /// <returns>The same builder.</returns>
    public static MiraiQueueBuilder AddLegacyLayout(this MiraiQueueBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton<NoGroups>();
        services.TryAddSingleton<LegacyInspector>();
        services.ReplaceByChoice<IQueueStore, RedisStore, LegacyStore>();
        services.ReplaceByChoice<ISchedulerStore, RedisStore, LegacyStore>();
        services.ReplaceByChoice<IGroupStore, RedisStore, NoGroups>();
        services.ReplaceByChoice<IQueueInspector, QueueInspector, LegacyInspector>();
        services.TryAddSingleton<LegacyMover>();
        services.TryAddSingleton<ILegacyMigration, LegacyMigration>();
        services.TryAddSingleton<LayoutDetector>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LayoutGuard>());
        services.AddHostedService<LegacyDrainService>();

        return builder;
    }

    private static void ReplaceByChoice<TService, TCurrent, TLegacy>(this IServiceCollection services)
        where TService : class
        where TCurrent : class, TService
        where TLegacy : class, TService =>
        services.Replace(ServiceDescriptor.Singleton<TService>(
            provider => OptionsOf(provider).Layout == RedisLayout.Legacy
                ? provider.GetRequiredService<TLegacy>()
                : provider.GetRequiredService<TCurrent>()));

    private static LegacyStore CreateStore(IServiceProvider provider) => new(
        provider.GetRequiredService<RedisConnection>(),
        provider.GetRequiredService<RedisStore>(),
        OptionsOf(provider),
        provider.GetRequiredService<TimeProvider>());

    private static QueueOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<QueueOptions>>().Value;
}
