using Mirai.Queue;
using Mirai.Testing;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>Redis is killed and restarts from its append-only file.</summary>
[RequiresRedisServer]
internal sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Tasks_SurviveACrash_WhenTheyAreASecondOld()
    {
        await using var redis = await ConfiguredRedis.StartAsync();
        var old = await EnqueueAsync(redis, "old", 500);
        await WaitUntilWrittenAsync(redis);
        var young = await EnqueueAsync(redis, "young", 500);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        var kept = await KeptAsync(redis);
        Assert.That(kept, Is.SupersetOf(old));
        Assert.That(
            kept.Except(old), Is.SubsetOf(young), "the crash may lose young tasks, and adds none");
    }

    // A task whose hash exists without an entry in the list would never be taken.
    [Test]
    public async Task Queue_IsWhole_AfterACrash()
    {
        await using var redis = await ConfiguredRedis.StartAsync();
        _ = await EnqueueAsync(redis, "t", 500);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        await using var admin = await redis.ConnectAsync("admin");
        var pending = (await admin.GetDatabase().ListRangeAsync("asynq:{default}:pending"))
            .Select(id => id.ToString());
        Assert.That(await KeptAsync(redis), Is.EquivalentTo(pending));
    }

    private static async Task<string[]> EnqueueAsync(ConfiguredRedis redis, string name, int count)
    {
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        var results = await producer.Client.EnqueueManyAsync([.. Enumerable.Range(0, count)
            .Select(i => new QueueTask("t", options: new EnqueueOptions { TaskId = $"{name}-{i}" }))]);

        Assert.That(results.Select(result => (result.Status, result.Error?.Message)), Is.All.EqualTo(
            (EnqueueStatus.Enqueued, (string?)null)));
        return [.. results.Select(result => result.TaskId!)];
    }

    // A killed Redis loses what it has not yet given to the system; the system keeps the rest.
    private static async Task WaitUntilWrittenAsync(ConfiguredRedis redis)
    {
        await using var admin = await redis.ConnectAsync("admin");
        await RedisWait.UntilAsync(
            async () => await ConfiguredRedis.InfoAsync(admin, "persistence") is var info
                && info.Contains("aof_pending_bio_fsync:0", StringComparison.Ordinal)
                && info.Contains("aof_buffer_length:0", StringComparison.Ordinal),
            Patience, "the append-only file is written");
    }

    private static async Task<string[]> KeptAsync(ConfiguredRedis redis)
    {
        const string Prefix = "asynq:{default}:t:";
        await using var admin = await redis.ConnectAsync("admin");

        return [.. admin.GetServers()[0].Keys(pattern: $"{Prefix}*", pageSize: 1_000)
            .Select(key => key.ToString()[Prefix.Length..])];
    }
}
