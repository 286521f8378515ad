using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Platform.Changes;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Platform.Generation;
using Mirai.Platform.Generation.Extractive;
using Mirai.Platform.Generation.Model;
using Mirai.Platform.Outbox;
using Mirai.Platform.Tasks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Platform.</summary>
public static class MiraiPlatformServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IDocumentStore"/> and the relay that publishes the outbox; it needs
    /// <c>AddMiraiQueue</c> beside it, with <c>AddJsonContext(PlatformTasksJson.Default)</c>. Before anything of the
    /// host starts, the database is created or brought up to date; any number of processes may do so at the same
    /// time.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration: <c>DATABASE_URL</c> or
    /// <c>ConnectionStrings:Mirai</c>, and the sections <c>Documents</c> and <c>Outbox</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMiraiPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<DocumentOptions>().Bind(configuration.GetSection("Documents")).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DocumentOptions>, DocumentOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDocumentStore, DocumentStore>();

        services.TryAddSingleton<DocumentReading>();
        services.TryAddSharedConnections();
        services.TryAddSingleton<IChangeFeed, ChangeFeed>();
        services.TryAddSingleton<TaskFates>();
        services.AddMiraiCache(configuration);

        return services.AddDatabase(configuration).AddOutbox(configuration).AddCourses().AddGeneration(configuration);
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

    private static IServiceCollection AddCourses(this IServiceCollection services)
    {
        services.TryAddSingleton<CourseQueries>();
        services.TryAddSingleton<CourseInvalidation>();
        services.TryAddSingleton<CourseWriter>();
        services.TryAddSingleton<FolderWriter>();
        services.TryAddSingleton<ICourseLibrary, CourseLibrary>();

        return services;
    }

    private static IServiceCollection AddGeneration(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelOptions>().Bind(configuration.GetSection(ModelOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ModelOptions>, ModelAddressValidator>());
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
        services.TryAddSingleton<IGenerationJobs, GenerationJobs>();

        return services;
    }

    private static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboxOptions>()
            .Bind(configuration.GetSection(OutboxOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<OutboxOptions>, OutboxOptionsValidator>());
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<OutboxWriter>();
        services.TryAddSingleton<OutboxPublisher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelay>());

        return services;
    }
}
