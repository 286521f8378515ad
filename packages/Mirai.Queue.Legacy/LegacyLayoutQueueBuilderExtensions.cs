using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue;
using Mirai.Queue.Hosting;
using Mirai.Queue.Inspector;
using Mirai.Queue.Legacy;
using Mirai.Queue.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the layout of Asynq before 0.12.</summary>
public static class LegacyLayoutQueueBuilderExtensions
{
    private const string Section = "Queue";
    private const string LayoutVariable = "QUEUE_LAYOUT";

    /// <summary>Lets <see cref="LegacyLayoutOptions.Layout"/> choose the legacy layout, checks at the start whether
    /// the database holds keys of the other layout, and registers <see cref="ILegacyMigration"/>.</summary>
    /// <param name="builder">The builder that <c>AddMiraiQueue</c> returned.</param>
    /// <param name="configuration">For the queue without a name the application's configuration: the section
    /// <c>Queue</c> has the settings, and the environment variable <c>QUEUE_LAYOUT</c> overrides the layout. For a
    /// named queue the section of that queue.</param>
    /// <returns>The same builder.</returns>
    public static MiraiQueueBuilder AddLegacyLayout(this MiraiQueueBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        var isNamed = builder.Name.Length > 0;
        builder.Services.AddOptions<LegacyLayoutOptions>(builder.Name)
            .Bind(isNamed ? configuration : configuration.GetSection(Section));

        return builder.AddLegacyLayout(options => options.Layout =
            !isNamed && configuration[LayoutVariable] is { Length: > 0 } layout ? ReadLayout(layout) : options.Layout);
    }

    /// <summary>Lets <see cref="LegacyLayoutOptions.Layout"/> choose the legacy layout, checks at the start whether
    /// the database holds keys of the other layout, and registers <see cref="ILegacyMigration"/>.</summary>
    /// <param name="builder">The builder that <c>AddMiraiQueue</c> returned.</param>
    /// <param name="configure">The settings.</param>
    /// <returns>The same builder.</returns>
    public static MiraiQueueBuilder AddLegacyLayout(
        this MiraiQueueBuilder builder, Action<LegacyLayoutOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var (services, name) = (builder.Services, builder.Name);
        services.AddOptions<LegacyLayoutOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<LegacyLayoutOptions>, LegacyLayoutOptionsValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<LegacyLayoutOptions>, DrainDirectionValidator>(),
        ]);
        services.AddChoices(name);
        services.TryAddNamed(name, provider => new LegacyMover(
            provider.GetNamed<RedisConnection>(name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamed<ILegacyMigration>(name, provider => new LegacyMigration(
            provider.GetNamed<RedisConnection>(name), provider.GetNamed<LegacyMover>(name),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamedHostedService(name, provider => new LayoutGuard(
            new LayoutDetector(provider.GetNamed<RedisConnection>(name)),
            provider.GetOptions<LegacyLayoutOptions>(name), provider, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LayoutGuard>>()));
        services.TryAddNamedHostedService(name, provider => new LegacyDrainService(
            provider.GetNamed<RedisConnection>(name), provider.GetNamed<LegacyMover>(name),
            provider.GetOptions<LegacyLayoutOptions>(name), provider.FindNamed<IQueueServer>(name),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));

        return builder;
    }

    // The classes of this layout stand beside those of the current one; the setting chooses when they are first used.
    private static void AddChoices(this IServiceCollection services, string name)
    {
        services.TryAddNamed(name, provider => new LegacyStore(
            provider.GetNamed<RedisConnection>(name), provider.GetNamed<RedisStore>(name),
            provider.GetOptions<QueueOptions>(name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamed(name, provider => new LegacyInspector(
            provider.GetNamed<RedisConnection>(name), provider.GetNamed<LegacyStore>(name),
            provider.GetNamed<QueueInspector>(name), provider.GetRequiredService<TimeProvider>()));
        services.TryAddNamed(name, _ => new NoGroups());
        services.ReplaceByChoice<IQueueStore, RedisStore, LegacyStore>(name);
        services.ReplaceByChoice<ISchedulerStore, RedisStore, LegacyStore>(name);
        services.ReplaceByChoice<IGroupStore, RedisStore, NoGroups>(name);
        services.ReplaceByChoice<IQueueInspector, QueueInspector, LegacyInspector>(name);
    }

    private static void ReplaceByChoice<TService, TCurrent, TLegacy>(this IServiceCollection services, string name)
        where TService : class
        where TCurrent : class, TService
        where TLegacy : class, TService =>
        services.ReplaceNamed<TService>(
            name,
            provider => provider.GetOptions<LegacyLayoutOptions>(name).Layout == RedisLayout.Legacy
                ? provider.GetNamed<TLegacy>(name)
                : provider.GetNamed<TCurrent>(name));

    private static RedisLayout ReadLayout(string text) => text.ToLowerInvariant() switch
    {
        "current" => RedisLayout.Current,
        "legacy" => RedisLayout.Legacy,
        _ => throw new OptionsValidationException(
            Options.Options.DefaultName,
            typeof(LegacyLayoutOptions),
            [$"{LayoutVariable} is '{text}'; it must be current or legacy."]),
    };
}
