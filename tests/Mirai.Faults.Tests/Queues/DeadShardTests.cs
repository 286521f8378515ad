using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Queues;

/// <summary>One shard of a cluster is down: queues on the other shards are served, and the queue of the dead shard is
/// served again when the shard is back.</summary>
[RequiresRedisServer]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class DeadShardTests
{
    private const int Slots = 16_384;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RedisClusterServers cluster = null!;
    private ConnectionMultiplexer connection = null!;

    [SetUp]
    public async Task StartClusterAsync()
    {
        cluster = await RedisClusterServers.StartAsync(RedisServerProcess.FindExecutable()!);
        connection = await TestRedis.ConnectAsync(cluster.Url);
        foreach (var server in connection.GetServers())
        {
            await server.ConfigSetAsync("cluster-require-full-coverage", "no");
        }
    }

    [TearDown]
    public async Task StopClusterAsync()
    {
        await connection.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Test]
    public async Task QueuesOfOtherShards_AreServed_WhenAShardIsDown()
    {
        // A shard that holds neither the list of queues nor that of servers.
        var dead = Enumerable.Range(0, 3).First(
            node => node != NodeOf("asynq:queues") && node != NodeOf("asynq:servers"));
        var queues = Enumerable.Range(0, 3).Select(FindQueueOn).ToArray();
        await using var worker = WorkerProcess.Start(
            new WorkerSettings(cluster.Url) { Queues = queues, Times = WorkerTimes.Short });
        await worker.WaitForReadyAsync();
        await AddAsync(queues, "before");
        await worker.WaitForEndAsync([.. queues.Select(queue => $"before-{queue}")]);

        await cluster.Nodes[dead].KillAsync();
        string[] living = [.. queues.Where((_, node) => node != dead)];
        foreach (var round in (string[])["first", "second", "third"])
        {
            await AddAsync(living, round);
            await worker.WaitForEndAsync([.. living.Select(queue => $"{round}-{queue}")]);
        }

        Assert.That(worker.Events.Where(one => one.Kind == "end").Select(one => one.Text), Is.All.EqualTo("ok"));
        foreach (var queue in living)
        {
            await RedisWait.UntilAsync(
                async () => await connection.GetDatabase().StringGetAsync($"asynq:{{{queue}}}:processed") == "4",
                Patience, $"the outcomes of {queue} are written");
        }

        await cluster.Nodes[dead].StartAgainAsync();
        await RedisWait.UntilAsync(() => IsAddedAsync(queues[dead]), Patience, "the shard takes a task");
        await worker.WaitForEndAsync($"after-{queues[dead]}");
    }

    private async Task<bool> IsAddedAsync(string queue)
    {
        try
        {
            await AddAsync([queue], "after");
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false; // the other shards do not know yet that it is back
        }
    }

    private int NodeOf(string key) => connection.HashSlot(key) * 3 / Slots;

    private string FindQueueOn(int node) =>
        Enumerable.Range(0, 1_000).Select(i => $"q{i}").First(queue => NodeOf($"asynq:{{{queue}}}:pending") == node);

    private async Task AddAsync(IEnumerable<string> queues, string round)
    {
        foreach (var queue in queues)
        {
            await QueueKeyspace.AddAsync(
                connection.GetDatabase(), QueueKeyspace.NewMessage(queue, "quick", "", $"{round}-{queue}"));
        }
    }
}
