using Mirai.Queue.Store;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreLooksTests : StoreTest
{
    private static readonly string[] Thousand = [.. Enumerable.Range(0, 1_000).Select(i => $"q{i}")];

    private static bool IsCluster => TestRedis.Primaries.Any(server => server.ServerType == ServerType.Cluster);

    [TestCase]
    [TestCase("q0")]
    [TestCase("q499", "q500", "q999")]
    public async Task FindPending_NamesTheQueuesThatHaveTasks(params string[] queues)
    {
        foreach (var queue in queues)
        {
            await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = queue }));
        }

        Assert.That(await Store.FindPendingAsync(Thousand), IsCluster ? Is.Null : Is.EqualTo(queues));
    }

    [Test]
    public async Task FindPending_NamesAll_WhenAllHaveTasks()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = "q0" }));
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = "q1" }));

        Assert.That(
            await Store.FindPendingAsync(["q0", "q1"]), IsCluster ? Is.Null : Is.EqualTo(new[] { "q0", "q1" }));
    }

    [Test]
    public async Task FindUsed_NamesTheQueuesThatHaveSomethingOfThatKind()
    {
        await Redis.SortedSetAddAsync("asynq:{q1}:scheduled", "a", Now);
        await Redis.SortedSetAddAsync("asynq:{q2}:retry", "a", Now);
        await Redis.SortedSetAddAsync("asynq:{q3}:lease", "a", Now);
        await Redis.ListLeftPushAsync("asynq:{q4}:active", "a");
        await Redis.SortedSetAddAsync("asynq:{q5}:completed", "a", Now);
        await Redis.SortedSetAddAsync("asynq:{q6}:archived", "a", Now);
        await Redis.SetAddAsync("asynq:{q7}:groups", "a");
        await Redis.SortedSetAddAsync("asynq:{q8}:aggregation_sets", "a", Now);

        foreach (var (use, expected) in new[]
        {
            (QueueUse.DueTimes, new[] { "q1", "q2" }), (QueueUse.Leases, ["q3", "q4"]),
            (QueueUse.Retention, ["q5", "q6"]), (QueueUse.Groups, ["q7"]), (QueueUse.AggregationSets, ["q8"]),
        })
        {
            Assert.That(
                await Store.FindUsedAsync(Thousand, use), Is.EqualTo(IsCluster ? Thousand : expected), $"{use}");
        }
    }
}
