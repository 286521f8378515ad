using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;
using Mirai.Testing;

namespace Mirai.Platform.Tests;

/// <summary>A test with a platform and a database of its own; derived fixtures run on both kinds.</summary>
internal abstract class PlatformTest(DatabaseKind kind)
{
    private readonly List<ServiceProvider> platforms = [];

    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

    protected DatabaseKind Kind => kind;

    protected TestDatabase Database { get; private set; } = null!;

    protected FakeTimeProvider Time { get; private set; } = null!;

    [SetUp]
    public async Task CreateDatabaseAsync()
    {
        Time = new FakeTimeProvider(Now);
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

    /// <summary>The platform as one process has it, its database not yet migrated.</summary>
    protected ServiceProvider Platform(params (string Key, string Value)[] settings) => Platform(Time, settings);

    /// <summary>The same with a clock of its own: those that wait for each other need one that goes.</summary>
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

    /// <summary>What a fixture replaces.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>Does what the host does at start.</summary>
    protected static Task MigrateAsync(IServiceProvider platform, CancellationToken cancellationToken = default) =>
        platform.GetServices<IHostedService>().OfType<DatabaseMigration>().Single().StartingAsync(cancellationToken);

    protected async Task<IDocumentStore> StoreAsync(params (string Key, string Value)[] settings)
    {
        var platform = Platform(settings);
        await MigrateAsync(platform);

        return platform.GetRequiredService<IDocumentStore>();
    }

    protected Task<string[]> QueryAsync(string sql) => Database.QueryAsync(sql);

    protected static Task<MiraiDbContext> ContextAsync(IServiceProvider platform) =>
        platform.GetRequiredService<IDbContextFactory<MiraiDbContext>>().CreateDbContextAsync();
}
