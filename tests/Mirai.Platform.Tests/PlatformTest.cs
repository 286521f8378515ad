using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Testing;

namespace Mirai.Platform.Tests;

/// <summary>A test with its own platform and database. Derived fixtures run on both kinds of database.</summary>
internal abstract class PlatformTest(DatabaseKind kind)
{
    private readonly List<ServiceProvider> platforms = [];

    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

    protected DatabaseKind Kind => kind;

    protected TestDatabase Database { get; private set; } = null!;

    protected SignallingTimeProvider Time { get; private set; } = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        Time = new SignallingTimeProvider(Now);
        Database = await TestDatabase.CreateAsync(kind);
    }

    [TearDown]
    public async Task DeleteDatabaseAsync()
    {
        foreach (var platform in platforms)
        {
            await platform.DisposeAsync();
        }

        platforms.Clear();
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
    }

    /// <summary>Creates the platform of one process. Its database is not yet migrated.</summary>
    protected ServiceProvider Platform(params (string Key, string Value)[] settings) => Platform(Time, settings);

    /// <summary>Creates the platform with another clock: platforms that wait for each other need a running
    /// clock.</summary>
    protected ServiceProvider Platform(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("ConnectionStrings:Mirai", Database.ConnectionString), new("REDIS_URL", TestRedis.Url)])
            .AddInMemoryCollection(settings.GroupBy(setting => setting.Key)
                .Select(same => KeyValuePair.Create(same.Key, (string?)same.Last().Value)))
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(time);
        services.AddMiraiQueue(configuration).AddJsonContext(PlatformTasksJson.Default);
        Configure(services.AddMiraiPlatform(configuration));
        var platform = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        platforms.Add(platform);

        return platform;
    }

    /// <summary>Replaces services for a fixture.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>Migrates the database, as the host does at start.</summary>
    protected static Task MigrateAsync(IServiceProvider platform, CancellationToken cancellationToken = default) =>
        platform.GetServices<IHostedService>().OfType<DatabaseMigration>().Single().StartingAsync(cancellationToken);

    protected async Task<DocumentStore> StoreAsync(params (string Key, string Value)[] settings)
    {
        var platform = Platform(settings);
        await MigrateAsync(platform);

        return platform.GetRequiredService<DocumentStore>();
    }

    protected Task<string[]> QueryAsync(string sql) => Database.QueryAsync(sql);

    protected static Task<MiraiDbContext> ContextAsync(IServiceProvider platform) =>
        platform.GetRequiredService<IDbContextFactory<MiraiDbContext>>().CreateDbContextAsync();
}
