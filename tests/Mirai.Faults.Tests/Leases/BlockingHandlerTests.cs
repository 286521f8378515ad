using System.Collections.Concurrent;
using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Leases;

/// <summary>Handlers that block threads of the pool cost no lease, and not the record of the server. With the times of
/// production.</summary>
internal sealed class BlockingHandlerTests : FaultTest
{
    private const int Count = 32;

    // Redis tells when a key expires: E for events by key, x for expired keys.
    protected override string[] RedisSettings => ["--notify-keyspace-events", "Ex"];

    [Test]
    public async Task Leases_AreKept_WhenEveryHandlerBlocksAThread()
    {
        string[] tasks = [.. Enumerable.Range(0, Count).Select(i => $"t{i}")];
        var expired = new ConcurrentQueue<string>();
        await Redis.Multiplexer.GetSubscriber().SubscribeAsync(
            RedisChannel.Literal("__keyevent@0__:expired"), (_, key) => expired.Enqueue(key.ToString()));
        var settings = new WorkerSettings(RedisServer.Url) { Concurrency = Count };
        var worker = await StartWorkerAsync(settings);
        await AddAsync("default", "block", "20000", tasks);
        await WaitUntilAsync(
            async () => await Redis.SortedSetLengthAsync("asynq:{default}:lease") == Count,
            "the worker has all tasks");
        var neighbour = await StartWorkerAsync(settings);

        // The soonest end of a lease is looked at whenever a handler ends.
        for (var ended = 0; ended < Count; ended++)
        {
            await worker.WaitAsync(all => all.Count(one => one.Kind == "end") > ended, $"handler {ended} ends");
            await AssertLeasesLastAsync();
        }

        await WaitForCompletedAsync("default", Count);
        Assert.That(
            expired.Where(key => key.StartsWith("asynq:servers:", StringComparison.Ordinal)
                && key.Contains($":{worker.Id}:", StringComparison.Ordinal)), Is.Empty,
            "the record of the server never expired");
        Assert.That(worker.Started, Is.EquivalentTo(tasks));
        Assert.That(neighbour.Started, Is.Empty);
        Assert.That(worker.Events.Where(one => one.Kind == "end").Select(one => one.Text), Is.All.EqualTo("ok"));
        Assert.That(await CountersAsync("default"), Is.EqualTo("32 processed, 0 failed"));
    }

    private async Task AssertLeasesLastAsync()
    {
        var leases = await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:lease", 0, 0);
        if (leases is [var first])
        {
            Assert.That(
                first.Score, Is.GreaterThan(Time.GetUtcNow().ToUnixTimeSeconds()), "the lease has not run out");
        }
    }
}
