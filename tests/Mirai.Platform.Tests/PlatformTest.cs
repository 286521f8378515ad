using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Mirai.Platform.Database;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests;

/// <summary>A test with a platform of its own: a SQLite file in a folder that goes with it.</summary>
internal abstract class PlatformTest
{
    private readonly List<ServiceProvider> platforms = [];

    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

    protected string Folder { get; private set; } = null!;

    protected string Database => Path.Combine(Folder, "data", "mirai.db");

    protected FakeTimeProvider Time { get; private set; } = null!;

    [SetUp]
    public void CreateFolder()
    {
        Folder = Directory.CreateTempSubdirectory("mirai-platform-").FullName;
        Time = new FakeTimeProvider(Now);
    }

    [TearDown]
    public async Task DeleteFolderAsync()
    {
        foreach (var platform in platforms)
        {
            await platform.DisposeAsync();
        }

        platforms.Clear();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The platform as one process has it, its database not yet migrated.</summary>
    protected ServiceProvider Platform(params (string Key, string Value)[] settings) => Platform(Time, settings);

    /// <summary>The same with a clock of its own: those that wait for each other need one that goes.</summary>
    protected ServiceProvider Platform(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Mirai", $"Data Source={Database}")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var platform = new ServiceCollection()
            .AddLogging()
            .AddSingleton(time)
            .AddMiraiPlatform(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        platforms.Add(platform);

        return platform;
    }

    /// <summary>Does what the host does at start.</summary>
    protected static Task MigrateAsync(IServiceProvider platform, CancellationToken cancellationToken = default) =>
        platform.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single()
            .StartingAsync(cancellationToken);

    protected async Task<IDocumentStore> StoreAsync(params (string Key, string Value)[] settings)
    {
        var platform = Platform(settings);
        await MigrateAsync(platform);

        return platform.GetRequiredService<IDocumentStore>();
    }

    /// <summary>What a statement of SQL finds, as text: a line for each row.</summary>
    protected async Task<string[]> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        }

        return [.. rows];
    }

    protected static Task<MiraiDbContext> ContextAsync(IServiceProvider platform) =>
        platform.GetRequiredService<IDbContextFactory<MiraiDbContext>>().CreateDbContextAsync();
}
