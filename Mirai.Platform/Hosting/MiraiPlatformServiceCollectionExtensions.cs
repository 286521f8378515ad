using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Platform.</summary>
public static class MiraiPlatformServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IDocumentStore"/>. Before anything of the host starts,
    /// the database is created or brought up to date; any number of processes may do so at the same time.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration: <c>ConnectionStrings:Mirai</c> and the section
    /// <c>Documents</c>.</param>
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

        return services.AddDatabase(configuration.GetConnectionString(DatabaseOptions.Name));
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, string? connectionString)
    {
        services.AddOptions<DatabaseOptions>()
            .Configure(options => options.ConnectionString =
                string.IsNullOrWhiteSpace(connectionString) ? options.ConnectionString : connectionString)
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DatabaseOptions>, DatabaseOptionsValidator>());
        services.TryAddSingleton(provider =>
            DatabaseFile.Parse(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DatabaseMigration>());

        return services.AddDbContextFactory<MiraiDbContext>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<DatabaseFile>().ConnectionString)
            .AddInterceptors(new BusyTimeout())
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandExecuted, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug))));
    }
}
