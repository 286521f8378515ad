using System.Collections.Concurrent;
using System.Globalization;
using Mirai.Queue;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>"volatile-lru keeps tasks; the original allkeys-lru drops them": both halves, on a Redis that is filled
/// over its memory limit with what a cache writes.</summary>
[RequiresRedisServer]
internal sealed class FullRedisTests
{
    private const int Tasks = 2_000;
    private const int EntrySize = 64 * 1024;
    private const int Entries = 300 * 1024 * 1024 / EntrySize; // more than maxmemory, 256 MiB
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task VolatileLru_LosesNoTask_WhenTheCacheFillsRedisUnderLoad()
    {
        await using var redis = await ConfiguredRedis.StartAsync();
        await using var admin = await redis.ConnectAsync("admin");
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        await EnqueueAsync(producer, "before", Tasks);

        var filling = FillAsync(admin);
        await EnqueueAsync(producer, "during", Tasks);
        var done = await WorkAsync(redis, expected: 2 * Tasks, whileRunning: filling);

        var expected = Enumerable.Range(0, Tasks).SelectMany(i => (string[])[$"before-{i}", $"during-{i}"]);
        Assert.That(done, Is.EquivalentTo(expected));
        Assert.That(await EvictedAsync(admin), Is.GreaterThan(0), "Redis was full");
    }

    [Test]
    public async Task AllKeysLru_DropsQueuedTasks_WhenTheCacheFillsRedis()
    {
        await using var redis = await ConfiguredRedis.StartAsync("redis.conf", "--maxmemory-policy", "allkeys-lru");
        await using var admin = await redis.ConnectAsync("admin");
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        await EnqueueAsync(producer, "before", Tasks);

        // Redis evicts the keys that were not read for the longest time: the tasks.
        await FillAsync(admin);

        var left = admin.GetServers()[0].Keys(pattern: "asynq:{default}:t:*", pageSize: 1_000).Count();
        Assert.That(left, Is.LessThan(Tasks));
    }

    // Redis may evict nothing, so it refuses, and the producer gets the error.
    [Test]
    public async Task Enqueue_IsRefused_WhenTasksThemselvesFillRedis_AndGoesOnWithMoreMemory()
    {
        await using var redis = await ConfiguredRedis.StartAsync("redis.conf", "--maxmemory", "4mb");
        await using var admin = await redis.ConnectAsync("admin");
        await using var producer = await QueueApp.StartProducerAsync(redis.Url("mirai-api"));
        var accepted = await EnqueueUntilRefusedAsync(producer);

        // The first step of the runbook.
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "256mb");
        var done = await WorkAsync(redis, accepted.Count, whileRunning: Task.CompletedTask);

        Assert.That(done, Is.EquivalentTo(accepted));
    }

    private static async Task EnqueueAsync(QueueApp producer, string name, int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            var results = await producer.Client.EnqueueManyAsync(
                [.. chunk.Select(i => Make($"{name}-{i}", size: 100))]);
            Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        }
    }

    private static async Task<List<string>> EnqueueUntilRefusedAsync(QueueApp producer)
    {
        var accepted = new List<string>();
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                accepted.Add((await producer.Client.EnqueueAsync(Make($"t-{i}", size: 4_000))).Id);
            }
            catch (RedisServerException refused)
            {
                Assert.That(refused.Message, Does.Contain("OOM"));
                return accepted;
            }
        }

        throw new AssertionException("Redis took more than its limit.");
    }

    private static QueueTask Make(string id, int size) => new("t", new byte[size], new EnqueueOptions { TaskId = id });

    private static async Task FillAsync(ConnectionMultiplexer admin)
    {
        var database = admin.GetDatabase();
        var round = Random.Shared.Next();
        var entry = new byte[EntrySize];
        Random.Shared.NextBytes(entry);
        foreach (var chunk in Enumerable.Range(0, Entries).Chunk(100))
        {
            await Task.WhenAll(chunk.Select(i =>
                database.StringSetAsync($"course:{round}-{i}", entry, TimeSpan.FromMinutes(5))));
        }
    }

    private static async Task<string[]> WorkAsync(ConfiguredRedis redis, int expected, Task whileRunning)
    {
        var done = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await QueueApp.StartAsync(redis.Url("mirai-worker"), queue => queue
            .AddServer(server => server.Concurrency = 50)
            .AddHandler("t", (context, _) =>
            {
                if (done.TryAdd(context.TaskId, 0) && done.Count == expected)
                {
                    all.SetResult();
                }

                return Task.CompletedTask;
            }));
        await whileRunning;
        await all.Task.WaitAsync(Patience);

        return [.. done.Keys];
    }

    private static async Task<long> EvictedAsync(ConnectionMultiplexer admin)
    {
        var line = (await ConfiguredRedis.InfoAsync(admin, "stats")).Split('\n')
            .Single(each => each.StartsWith("evicted_keys:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
