using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Cache;
using Mirai.Platform.Changes;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;
using Mirai.Platform.Generation;
using Mirai.Platform.Generation.Extractive;
using Mirai.Platform.Generation.Model;
using Mirai.Platform.Library;
using Mirai.Platform.Outbox;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;
using Mirai.Queue;
using Mirai.Queue.Legacy;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Platform.</summary>
public static class MiraiPlatformServiceCollectionExtensions
{
    /// <summary>Registers documents, courses and their generation, registrations and payments, the cache, the cleanups
    /// of <c>cleanup:expired</c>, and the relay that publishes the outbox. It requires <c>AddMiraiQueue</c> with
    /// <c>AddJsonContext(PlatformTasksJson.Default)</c>. The database is created or migrated before any other service
    /// of the host starts; any number of processes may start at the same time.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration: <c>DATABASE_URL</c> or
    /// <c>ConnectionStrings:Mirai</c>, and the sections <c>Cache</c>, <c>Documents</c>, <c>Model</c>,
    /// <c>Registrations</c>, <c>Stripe</c>, <c>Outbox</c> and <c>Cleanup</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMiraiPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);

        return services.AddDatabase(configuration).AddOutbox(configuration).AddChanges()
            .AddDocuments(configuration).AddCourses(configuration).AddGeneration(configuration)
            .AddRegistrations(configuration).AddPayments(configuration).AddCleanup(configuration);
    }

    private static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.TryAddSharedConnections();
        services.TryAddSingleton(provider => new ChangeFeed(
            provider.FindSharedConnection(provider.GetRequiredService<IOptions<QueueOptions>>().Value.RedisUrl),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChangeFeed>>()));

        return services;
    }

    private static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DocumentOptions>().Bind(configuration.GetSection("Documents")).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DocumentOptions>, DocumentOptionsValidator>());
        services.TryAddSingleton(provider => new DocumentStore(
            provider.GetRequiredService<IDbContextFactory<MiraiDbContext>>(),
            provider.GetRequiredService<OutboxWriter>(),
            provider.GetRequiredService<TaskFates>(),
            provider.GetRequiredService<ChangeFeed>(),
            provider.GetRequiredService<IOptions<DocumentOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<DocumentReading>();

        return services;
    }

    private static IServiceCollection AddCourses(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMiraiCache(configuration).AddLibraryEntries();
        services.TryAddSingleton<CourseQueries>();
        services.TryAddSingleton<CourseInvalidation>();
        services.TryAddSingleton<CourseWriter>();
        services.TryAddSingleton<FolderWriter>();
        services.TryAddSingleton(provider => new CourseLibrary(
            provider.GetRequiredService<ICache>(),
            provider.GetRequiredService<CourseQueries>(),
            provider.GetRequiredService<CourseWriter>(),
            provider.GetRequiredService<FolderWriter>(),
            provider.GetRequiredService<ChangeFeed>(),
            provider.GetRequiredService<TimeProvider>()));

        return services;
    }

    private static IServiceCollection AddGeneration(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelOptions>().Bind(configuration.GetSection(ModelOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelAddressValidator>());
        services.AddModel();
        services.TryAddSingleton<ModelGenerator>();
        services.TryAddSingleton<ExtractiveGenerator>();
        services.TryAddSingleton<ICourseGenerator>(provider =>
            provider.GetRequiredService<IOptions<ModelOptions>>().Value.IsConfigured
                ? provider.GetRequiredService<ModelGenerator>()
                : provider.GetRequiredService<ExtractiveGenerator>());
        services.TryAddSingleton<GenerationClaims>();
        services.TryAddSingleton<GeneratedCourses>();
        services.TryAddSingleton<GenerationRunner>();
        services.TryAddSingleton(provider => new GenerationJobStore(
            provider.GetRequiredService<IDbContextFactory<MiraiDbContext>>(),
            provider.GetRequiredService<OutboxWriter>(),
            provider.GetRequiredService<TaskFates>(),
            provider.GetRequiredService<GenerationRunner>(),
            provider.GetRequiredService<ChangeFeed>(),
            provider.GetRequiredService<TimeProvider>()));

        return services;
    }

    private static IServiceCollection AddRegistrations(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RegistrationOptions>()
            .Bind(configuration.GetSection(RegistrationOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RegistrationOptions>, RegistrationOptionsValidator>());
        services.TryAddSingleton(provider => new RegistrationStore(
            provider.GetRequiredService<IDbContextFactory<MiraiDbContext>>(),
            provider.GetRequiredService<IOptions<RegistrationOptions>>(),
            provider.GetRequiredService<TimeProvider>()));

        return services;
    }

    private static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StripeOptions>().Bind(configuration.GetSection(StripeOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<StripeOptions>, StripeOptionsValidator>());
        services.AddStripeClient();
        services.TryAddSingleton<StripeWebhook>();
        services.TryAddSingleton<StripeSessions>();
        services.TryAddSingleton<CheckoutLedger>();
        services.TryAddSingleton<AccountSetup>();
        services.TryAddSingleton<Reconciliation>();
        services.TryAddSingleton(provider => new StripePayments(
            provider.GetRequiredService<StripeWebhook>(),
            provider.GetRequiredService<StripeSessions>(),
            provider.GetRequiredService<CheckoutLedger>(),
            provider.GetRequiredService<AccountSetup>(),
            provider.GetRequiredService<Reconciliation>(),
            provider.GetRequiredService<ILogger<StripePayments>>()));

        return services;
    }

    private static IServiceCollection AddCleanup(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CleanupOptions>()
            .Bind(configuration.GetSection(CleanupOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<CleanupOptions>, CleanupOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICleanup, RegistrationCleanup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICleanup, OutboxCleanup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICleanup, GenerationCleanup>());

        return services;
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>()
            .Configure(options =>
            {
                if (configuration[DatabaseOptions.Variable] is { Length: > 0 } url)
                {
                    (options.ConnectionString, options.Setting) = (url, DatabaseOptions.Variable);
                }
                else if (configuration.GetConnectionString(DatabaseOptions.Name) is { Length: > 0 } text)
                {
                    options.ConnectionString = text;
                }
            })
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>());
        services.TryAddSingleton(provider =>
            DatabaseAddress.Parse(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString));
        services.TryAddSingleton<IDbContextFactory<MiraiDbContext>, MiraiDbContextFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabaseMigration>());

        return services;
    }

    private static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboxOptions>()
            .Bind(configuration.GetSection(OutboxOptions.Section))
            .PostConfigure<IOptions<LegacyLayoutOptions>>((outbox, legacy) =>
                outbox.PlainTasks = legacy.Value.Layout == RedisLayout.Legacy)
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<OutboxOptions>, OutboxOptionsValidator>());
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IInterceptor, OutboxWakeUp>());
        services.TryAddSingleton<OutboxWriter>();
        services.TryAddSingleton<TaskFates>();
        services.TryAddSingleton<OutboxPublisher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelay>());

        return services;
    }
}
