using Microsoft.Extensions.DependencyInjection;
using Mirai.Platform.Outbox;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Platform.Tests.Outbox;

/// <summary>A test of the outbox, with an empty Redis.</summary>
internal abstract class OutboxTest(DatabaseKind kind) : PlatformTest(kind)
{
    protected static readonly Guid TaskId = Guid.Parse("0198c0de-0000-7000-8000-00000000000a");

    protected static IDatabase Redis => TestRedis.Connection.GetDatabase();

    [SetUp]
    public Task EmptyRedisAsync() => TestRedis.EmptyAsync();

    /// <summary>Creates the platform of one process, with a migrated database.</summary>
    protected async Task<ServiceProvider> StartAsync(params (string Key, string Value)[] settings)
    {
        var platform = Platform(settings);
        await MigrateAsync(platform);

        return platform;
    }

    /// <summary>Commits tasks to the outbox.</summary>
    protected static async Task AddAsync(IServiceProvider platform, params Guid[] taskIds)
    {
        await using var context = await ContextAsync(platform);
        foreach (var id in taskIds)
        {
            platform.GetRequiredService<OutboxWriter>().Add(context, new SmeIngestion(id), id);
        }

        await context.SaveChangesAsync();
    }

    protected static Task<OutboxPass> PublishAsync(IServiceProvider platform) =>
        platform.GetRequiredService<OutboxPublisher>().PublishAsync();

    protected static async Task<string[]> PendingAsync() =>
        [.. (await Redis.ListRangeAsync("asynq:{default}:pending")).Select(id => (string)id!)];

    protected Task<string[]> WaitingAsync() => QueryAsync(
        """SELECT "Id", "Error" FROM outbox WHERE "PublishedAt" IS NULL ORDER BY "Id" """);
}
