using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Faults.Tests.Outages;

/// <summary>The primary dies while two workers run tasks; the sentinels make its replica the primary.</summary>
[RequiresRedisServer]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class FailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Tasks = [.. Enumerable.Range(0, 8).Select(i => $"t{i}")];

    private RedisSentinelServers redis = null!;

    [SetUp]
    public async Task StartRedisAsync() =>
        redis = await RedisSentinelServers.StartAsync(RedisServerProcess.FindExecutable()!);

    [TearDown]
    public async Task StopRedisAsync() => await redis.DisposeAsync();

    [Test]
    public async Task Work_GoesOn_AndNothingRunsTwice_WhenThePrimaryDies()
    {
        await using var primary = await TestRedis.ConnectAsync(redis.FirstPrimary.Url);
        foreach (var id in Tasks)
        {
            await QueueKeyspace.AddAsync(
                primary.GetDatabase(), QueueKeyspace.NewMessage("default", "wait", "", id));
        }

        // With the times of production: the failover must not use up a lease.
        var settings = new WorkerSettings(redis.Url) { Concurrency = Tasks.Length / 2 };
        await using var one = WorkerProcess.Start(settings);
        await using var other = WorkerProcess.Start(settings);
        WorkerProcess[] workers = [one, other];
        await Task.WhenAll(workers.Select(worker => worker.WaitAsync(
            all => all.Count(happened => happened.Kind == "start") == Tasks.Length / 2, "every slot has a task")));
        // What the replica does not have when the primary dies is lost: Redis replicates behind the reply.
        Assert.That((long)await primary.GetDatabase().ExecuteAsync("WAIT", 1, 10_000), Is.EqualTo(1));

        await redis.FirstPrimary.KillAsync();
        Array.ForEach(workers, worker => worker.Release("*"));
        await Task.WhenAll(workers.Select(worker => worker.WaitForEndAsync([.. worker.Started])));

        await using var replica = await ConnectAsync();
        await WaitForCompletedAsync(replica.GetDatabase(), Tasks.Length);
        await QueueKeyspace.AddAsync(
            replica.GetDatabase(), QueueKeyspace.NewMessage("default", "quick", "", "after"));
        await WaitForCompletedAsync(replica.GetDatabase(), Tasks.Length + 1);
        Assert.That(
            workers.SelectMany(worker => worker.Started), Is.Unique.And.EquivalentTo((string[])[.. Tasks, "after"]));
        Assert.That((int)await replica.GetDatabase().StringGetAsync("asynq:{default}:processed"), Is.EqualTo(9));
        Assert.That(await replica.GetDatabase().KeyExistsAsync("asynq:{default}:failed"), Is.False);
    }

    // The sentinels take seconds to agree.
    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        ConnectionMultiplexer? found = null;
        await RedisWait.UntilAsync(
            async () =>
            {
                try
                {
                    found = await TestRedis.ConnectAsync(redis.Url);
                    return await found.GetDatabase().KeyDeleteAsync("written by the test") || true;
                }
                catch (RedisException)
                {
                    await (found?.DisposeAsync() ?? ValueTask.CompletedTask);
                    return false;
                }
            },
            Patience, "there is a primary");

        return found!;
    }

    private static Task WaitForCompletedAsync(IDatabase database, int count) => RedisWait.UntilAsync(
        async () => await database.SortedSetLengthAsync("asynq:{default}:completed") == count, Patience,
        $"{count} tasks are completed");
}
