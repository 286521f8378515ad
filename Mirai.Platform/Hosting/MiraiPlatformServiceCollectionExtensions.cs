using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Platform.Outbox;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Mirai.Platform.</summary>
public static class MiraiPlatformServiceCollectionExtensions
{
    /// <summary>Registers documents, registrations and payments, what <c>cleanup:expired</c> does, and the relay that
    /// publishes the outbox; it needs <c>AddMiraiQueue</c> beside it, with
    /// <c>AddJsonContext(PlatformTasksJson.Default)</c>. Before anything of the host starts, the database is created or
    /// brought up to date; any number of processes may do so at the same time.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration: <c>DATABASE_URL</c> or
    /// <c>ConnectionStrings:Mirai</c>, and the sections <c>Documents</c>, <c>Registrations</c>, <c>Stripe</c>,
    /// <c>Outbox</c> and <c>Cleanup</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMiraiPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);

        return services.AddDatabase(configuration).AddOutbox(configuration).AddDocuments(configuration)
            .AddPayments(configuration).AddCleanup(configuration);
    }

    private static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DocumentOptions>().Bind(configuration.GetSection("Documents")).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<DocumentOptions>, DocumentOptionsValidator>());
        services.TryAddSingleton<IDocumentStore, DocumentStore>();

        return services;
    }

    private static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RegistrationOptions>()
            .Bind(configuration.GetSection(RegistrationOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RegistrationOptions>, RegistrationOptionsValidator>());
        services.AddOptions<StripeOptions>().Bind(configuration.GetSection(StripeOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<StripeOptions>, StripeOptionsValidator>());
        services.AddStripeClient();
        services.TryAddSingleton<StripeWebhook>();
        services.TryAddSingleton<StripeSessions>();
        services.TryAddSingleton<CheckoutLedger>();
        services.TryAddSingleton<AccountSetup>();
        services.TryAddSingleton<Reconciliation>();
        services.TryAddSingleton<IPayments, StripePayments>();
        services.TryAddSingleton<IRegistrationStore, RegistrationStore>();

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
