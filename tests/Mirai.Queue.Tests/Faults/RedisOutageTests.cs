using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Local.Redis;
using Mirai.Queue.Tests.Server;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Faults;

/// <summary>Redis goes away for five seconds in the middle of the work: nothing is lost, nothing runs twice.</summary>
[RequiresRedisServer]
internal sealed class RedisOutageTests
{
    private const int Count = 4_000;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ConcurrentDictionary<string, int> handled = new();
    private TaskCompletionSource quarterHandled = null!;
    private RedisServerProcess redis = null!;

    [SetUp]
    public async Task StartRedisAsync()
    {
        handled.Clear();
        quarterHandled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--appendonly", "yes", "--appendfsync", "always");
    }

    [TearDown]
    public async Task StopRedisAsync() => await redis.DisposeAsync();

    [Test]
    public async Task Outage_LosesAndRepeatsNothing_WhenRedisIsStoppedAndStartedAgain() =>
        await RunThroughOutageAsync(async () =>
        {
            await redis.StopAsync();
            await LastsAsync(Outage);
            await redis.StartAgainAsync();
        });

    [Test]
    public async Task Outage_LosesAndRepeatsNothing_WhenRedisFreezes() =>
        await RunThroughOutageAsync(async () =>
        {
            redis.Freeze();
            await LastsAsync(Outage);
            redis.Thaw();
        });

    [Test]
    public async Task Outage_LosesAndRepeatsNothing_WhenTheConnectionIsCutAgainAndAgain() =>
        await RunThroughOutageAsync(async () =>
        {
            await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.Url},allowAdmin=true");
            for (var cut = 0; cut < 10; cut++)
            {
                await admin.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                await LastsAsync(TimeSpan.FromMilliseconds(200));
            }
        });

    [Test]
    public async Task EnqueueMany_StoresEachOnce_WhenRedisIsAwayMeanwhile()
    {
        await using var provider = Client(TimeSpan.FromSeconds(60));
        var client = provider.GetRequiredService<IQueueClient>();
        var options = new EnqueueOptions { Queue = "mail" };
        var enqueue = client.EnqueueManyAsync(
            [.. Enumerable.Repeat(new QueueTask("mail:send", options: options), 60_000)]);
        await WaitUntilAsync(async () => await PendingAsync() > 2_000);
        await redis.StopAsync();
        Assert.That(enqueue.IsCompleted, Is.False, "Redis went away in the middle");

        await LastsAsync(TimeSpan.FromSeconds(1));
        await redis.StartAgainAsync();
        var results = await enqueue.WaitAsync(Patience);

        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        await using var reader = await ConnectionMultiplexer.ConnectAsync(redis.Url);
        var stored = (await reader.GetDatabase().ListRangeAsync("asynq:{mail}:pending")).Select(id => id.ToString());
        Assert.That(stored.Order(), Is.EqualTo(results.Select(result => result.TaskId).Order()));
    }

    [Test]
    public async Task Enqueue_GivesUpInTime_WhenRedisStaysAway()
    {
        await using var provider = Client(TimeSpan.FromSeconds(1));
        var client = provider.GetRequiredService<IQueueClient>();
        await client.EnqueueAsync(new QueueTask("mail:send"));
        redis.Freeze();

        var enqueue = Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => client.EnqueueAsync(new QueueTask("mail:send"))));

        await Assert.ThatAsync(() => enqueue.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<RedisException>());
        redis.Thaw();
    }

    private ServiceProvider Client(TimeSpan timeout)
    {
        var services = new ServiceCollection();
        services.AddMiraiQueue(options =>
        {
            options.RedisUrl = redis.Url;
            options.EnqueueTimeout = timeout;
        });

        return services.BuildServiceProvider();
    }

    private async Task<long> PendingAsync()
    {
        await using var reader = await ConnectionMultiplexer.ConnectAsync(redis.Url);
        return await reader.GetDatabase().ListLengthAsync("asynq:{mail}:pending");
    }

    private static async Task LastsAsync(TimeSpan duration)
    {
        using var timer = new PeriodicTimer(duration, TimeProvider.System);
        await timer.WaitForNextTickAsync();
    }

    private async Task RunThroughOutageAsync(Func<Task> outage)
    {
        await using var worker = await WorkerHost.StartAsync(redis.Url, HandleAsync, options =>
        {
            options.Concurrency = 20;
            options.TaskCheckInterval = TimeSpan.FromMilliseconds(100);
            options.RecoverInterval = TimeSpan.FromSeconds(1);
            options.LeaseDuration = options.RecoveryTolerance = TimeSpan.FromSeconds(12);
            options.HeartbeatInterval = TimeSpan.FromSeconds(1);
        });
        var results = await worker.Client.EnqueueManyAsync([.. Enumerable.Range(0, Count).Select(i =>
            new QueueTask(
                "mail:send", options: new EnqueueOptions { Queue = "mail", TaskId = $"t{i}", MaxRetry = 0 }))]);
        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
        await quarterHandled.Task.WaitAsync(Patience);

        await outage();

        await WaitUntilAsync(async () => await ProcessedAsync(worker) == Count);
        Assert.That(handled.Values, Is.All.EqualTo(1), "a task ran twice");
        Assert.That(handled, Has.Count.EqualTo(Count));
        var info = await worker.Inspector.FindQueueAsync("mail");
        Assert.That((info!.Size, info.FailedTotal), Is.EqualTo((0L, 0L)));
    }

    private Task HandleAsync(TaskContext context, CancellationToken cancellationToken)
    {
        handled.AddOrUpdate(context.TaskId, 1, (_, times) => times + 1);
        if (handled.Count > Count / 4)
        {
            quarterHandled.TrySetResult();
        }

        return Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
    }

    private static async Task<long> ProcessedAsync(WorkerHost worker)
    {
        try
        {
            return (await worker.Inspector.FindQueueAsync("mail"))!.ProcessedTotal;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return 0; // not back yet
        }
    }

    private static Task WaitUntilAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        RedisWait.UntilAsync(condition, Patience, what);
}
