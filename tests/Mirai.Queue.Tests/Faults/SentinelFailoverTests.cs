using System.Collections.Concurrent;
using Google.Protobuf;
using Mirai.Local.Redis;
using Mirai.Queue.Tests.Server;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Faults;

/// <summary>The primary dies while a worker runs tasks; the sentinels make its replica the primary.</summary>
[RequiresRedisServer]
internal sealed class SentinelFailoverTests
{
    private const int Count = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ConcurrentDictionary<string, int> handled = new();
    private TaskCompletionSource finish = new();
    private RedisSentinelServers redis = null!;

    [SetUp]
    public async Task StartRedisAsync()
    {
        handled.Clear();
        finish = new TaskCompletionSource();
        redis = await RedisSentinelServers.StartAsync(RedisServerProcess.FindExecutable()!);
    }

    [TearDown]
    public async Task StopRedisAsync() => await redis.DisposeAsync();

    [Test]
    public async Task Worker_GoesOnByItself_WhenThePrimaryDies()
    {
        await using var worker = await WorkerHost.StartAsync(redis.Url, HandleAsync);
        await EnqueueAsync(worker.Client, "before");
        await RedisWait.UntilAsync(() => Task.FromResult(handled.Count == 10), Patience, "every slot holds a task");
        await ReplicateAsync();

        await redis.FirstPrimary.KillAsync();
        await EnqueueAsync(worker.Client, "after");
        finish.SetResult();

        await RedisWait.UntilAsync(
            async () => await ProcessedAsync(worker) == 2 * Count, Patience, "all tasks are finished");
        Assert.That(handled, Has.Count.EqualTo(2 * Count));
        Assert.That(handled.Values, Is.All.EqualTo(1), "a task ran twice");
        await using var reader = await TestRedis.ConnectAsync(redis.Url);
        Assert.That(await QueueInvariants.CheckAsync(reader.GetDatabase()), Is.Empty);
    }

    [Test]
    public async Task Worker_HearsOfTheTasksOfOtherProducers_FromTheNewPrimary()
    {
        finish.SetResult();
        await using var worker = await WorkerHost.StartAsync(
            redis.Url, HandleAsync, options => options.TaskCheckInterval = TimeSpan.FromMinutes(1));
        await redis.FirstPrimary.KillAsync();
        await using var go = await TestRedis.ConnectAsync(redis.Url);
        await RedisWait.UntilAsync(() => IsWatchedAsync(go), Patience, "the new primary reports changes");

        await go.GetDatabase().HashSetAsync(
            "asynq:{mail}:t:go",
            [
                new("msg", new TaskMessage { Id = "go", Queue = "mail", Type = "mail:send" }.ToByteArray()),
                new("state", "pending"),
            ]);
        await go.GetDatabase().ListLeftPushAsync("asynq:{mail}:pending", "go");

        await RedisWait.UntilAsync(
            () => Task.FromResult(handled.ContainsKey("go")), TimeSpan.FromSeconds(15), "the task starts");
    }

    private static async Task<bool> IsWatchedAsync(ConnectionMultiplexer redis)
    {
        try
        {
            var stats = (await redis.GetDatabase().ExecuteAsync("INFO", "stats")).ToString();
            return stats.Contains("tracking_total_keys:1\r", StringComparison.Ordinal)
                && (await redis.GetDatabase().ExecuteAsync("ROLE"))[0].ToString() == "master";
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false; // not back yet
        }
    }

    private async Task HandleAsync(TaskContext context, CancellationToken cancellationToken)
    {
        handled.AddOrUpdate(context.TaskId, 1, (_, times) => times + 1);
        await finish.Task.WaitAsync(cancellationToken);
    }

    // The client itself waits for Redis only so long; a caller that must get through tries again, under the same ids.
    private static async Task EnqueueAsync(IQueueClient client, string prefix)
    {
        var tasks = Enumerable.Range(0, Count).Select(i =>
            new QueueTask("mail:send", options: new EnqueueOptions { Queue = "mail", TaskId = $"{prefix}{i}" })).ToArray();
        await RedisWait.UntilAsync(
            async () => (await client.EnqueueManyAsync(tasks)).All(result =>
                result.Status is EnqueueStatus.Enqueued or EnqueueStatus.TaskIdConflict),
            Patience, $"the tasks {prefix} are enqueued");
    }

    // What the replica does not have when the primary dies is lost: Redis replicates behind the reply.
    private async Task ReplicateAsync()
    {
        await using var primary = await ConnectionMultiplexer.ConnectAsync(redis.FirstPrimary.Url);
        Assert.That((long)await primary.GetDatabase().ExecuteAsync("WAIT", 1, 10_000), Is.EqualTo(1));
    }

    private static async Task<long> ProcessedAsync(WorkerHost worker)
    {
        try
        {
            return (await worker.Inspector.FindQueueAsync("mail"))?.ProcessedTotal ?? 0;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return 0; // not back yet
        }
    }
}
