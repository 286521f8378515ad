using System.Collections.Concurrent;
using Mirai.Local.Redis;
using Mirai.Queue.Tests.Server;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Faults;

/// <summary>A Redis that may not evict is at its limit: what empties it works, what needs memory is refused with words
/// that say "full".</summary>
[RequiresRedisServer]
internal sealed class FullRedisTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, int> handled = new();
    private TaskCompletionSource started = null!;
    private TaskCompletionSource released = null!;
    private RedisServerProcess redis = null!;
    private ConnectionMultiplexer admin = null!;

    private IDatabase Database => admin.GetDatabase();

    [SetUp]
    public async Task StartRedisAsync()
    {
        handled.Clear();
        started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        redis = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--maxmemory-policy", "noeviction");
        admin = await TestRedis.ConnectAsync(redis.Url);
    }

    [TearDown]
    public async Task StopRedisAsync()
    {
        await admin.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Test]
    public async Task Enqueue_SaysThatRedisIsFull_AndWorksAgain_WhenThereIsRoom()
    {
        await using var worker = await StartWorkerAsync();
        await FillAsync();

        await Assert.ThatAsync(
            () => worker.Client.EnqueueAsync(Task("one")),
            Throws.TypeOf<RedisServerException>().With.Message.StartsWith("Redis is full").And.Message.Contains("OOM"));
        var many = await worker.Client.EnqueueManyAsync([Task("two"), Task("three")]);
        Assert.That(
            many.Select(result => result.Error?.Message), Is.All.StartsWith("Redis is full: its memory is at maxmemory"));

        await EmptyAsync();
        await worker.Client.EnqueueAsync(Task("one"));
        await DoneAsync("one");
    }

    [Test]
    public async Task Worker_StartsAndEmptiesQueue_WhenRedisIsFull()
    {
        await using (var producer = await StartWorkerAsync(options => options.Queues["other"] = 1, serveMail: false))
        {
            await producer.Client.EnqueueManyAsync([.. Enumerable.Range(0, 50).Select(i => Task($"t{i}"))]);
            await producer.Client.EnqueueAsync(Task("due", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(1) }));
            await producer.Client.EnqueueAsync(Task("retry-me", new EnqueueOptions { MaxRetry = 1 }));
            await producer.Client.EnqueueAsync(Task("archive-me", new EnqueueOptions { MaxRetry = 0 }));
            await producer.Client.EnqueueAsync(Task("keep", new EnqueueOptions { Retention = TimeSpan.FromHours(1) }));
        }

        await FillAsync();
        await using var worker = await StartWorkerAsync();

        await DoneAsync([.. Enumerable.Range(0, 50).Select(i => $"t{i}"), "due", "keep"]);
        await RedisWait.UntilAsync(
            async () => await Database.SortedSetLengthAsync("asynq:{mail}:archived") == 2, Patience, "both failed");
        await RedisWait.UntilAsync(
            async () => await Database.SortedSetLengthAsync("asynq:{mail}:completed") == 1, Patience, "one is kept");
        Assert.That(handled["retry-me"], Is.EqualTo(2));
        Assert.That(await Database.SortedSetLengthAsync("asynq:servers"), Is.EqualTo(1), "the heartbeat is written");
        Assert.That(await Database.ListLengthAsync("asynq:{mail}:pending"), Is.Zero);
    }

    [Test]
    public async Task RunningTask_KeepsItsLease_WhenRedisIsFull()
    {
        await using var worker = await StartWorkerAsync();
        await worker.Client.EnqueueAsync(Task("slow"));
        await started.Task.WaitAsync(Patience);
        await FillAsync();
        var lease = await Database.SortedSetScoreAsync("asynq:{mail}:lease", "slow");

        await RedisWait.UntilAsync(
            async () => await Database.SortedSetScoreAsync("asynq:{mail}:lease", "slow") > lease + 1, Patience, "renewed");
        released.SetResult();

        await DoneAsync("slow");
        Assert.That(
            ((string?)await Database.StringGetAsync("asynq:{mail}:processed"), await Database.KeyExistsAsync(
                "asynq:{mail}:failed")),
            Is.EqualTo(("1", false)));
    }

    [Test]
    public async Task Handler_IsNotCharged_WhenWhatItStoresFindsNoRoom()
    {
        await using var worker = await StartWorkerAsync();
        await worker.Client.EnqueueAsync(Task("enqueues", new EnqueueOptions { MaxRetry = 0 }));
        await started.Task.WaitAsync(Patience);
        await FillAsync();
        released.SetResult();
        await RedisWait.UntilAsync(
            async () => await Database.SortedSetLengthAsync("asynq:{mail}:retry") == 1, Patience, "waits to run again");
        Assert.That(await Database.KeyExistsAsync("asynq:{mail}:failed"), Is.False);

        await EmptyAsync();
        await worker.Inspector.RunTasksAsync(TaskSelection.InState("mail", TaskState.Retry));

        await DoneAsync("enqueues", "follow-up");
    }

    [Test]
    public async Task Inspector_RunsArchivesDeletesPauses_WhenRedisIsFull()
    {
        await using var worker = await StartWorkerAsync(options => options.Queues["other"] = 1, serveMail: false);
        var later = new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) };
        await worker.Client.EnqueueManyAsync([.. Enumerable.Range(0, 20).Select(i => Task($"t{i}"))]);
        await worker.Client.EnqueueManyAsync([Task("run", later), Task("archive", later), Task("move", later)]);
        await FillAsync();
        var inspector = worker.Inspector;

        Assert.That(await inspector.PauseQueueAsync("mail"), Is.True);
        Assert.That(await inspector.PauseQueueAsync("mail"), Is.False);
        Assert.That(await Database.KeyExistsAsync("asynq:{mail}:paused"), Is.True);
        Assert.That(await inspector.ResumeQueueAsync("mail"), Is.True);
        Assert.That((await inspector.RunTasksAsync(TaskSelection.One("mail", "run"))).Count, Is.EqualTo(1));
        Assert.That((await inspector.ArchiveTasksAsync(TaskSelection.One("mail", "archive"))).Count, Is.EqualTo(1));
        Assert.That(
            (await inspector.RescheduleTasksAsync(TaskSelection.One("mail", "move"), DateTimeOffset.MaxValue)).Count,
            Is.EqualTo(1));
        Assert.That(
            (await inspector.DeleteTasksAsync(TaskSelection.InState("mail", TaskState.Pending))).Count,
            Is.EqualTo(21));
        await inspector.DeleteQueueAsync("mail", force: true);

        Assert.That(await inspector.FindQueueAsync("mail"), Is.Null);
    }

    private Task<WorkerHost> StartWorkerAsync(Action<QueueServerOptions>? configure = null, bool serveMail = true)
    {
        WorkerHost? worker = null;
        return StartAsync();

        async Task<WorkerHost> StartAsync() => worker = await WorkerHost.StartAsync(
            redis.Url,
            (context, cancellationToken) => HandleAsync(context, worker!, cancellationToken),
            options =>
            {
                if (!serveMail)
                {
                    options.Queues.Clear();
                }

                options.LeaseDuration = options.RecoveryTolerance = TimeSpan.FromSeconds(12);
                options.HeartbeatInterval = TimeSpan.FromSeconds(1);
                options.RetryDelay = _ => TimeSpan.Zero;
                configure?.Invoke(options);
            });
    }

    private async Task HandleAsync(TaskContext context, WorkerHost worker, CancellationToken cancellationToken)
    {
        if (context.TaskId is "slow" or "enqueues")
        {
            started.TrySetResult();
            await released.Task.WaitAsync(cancellationToken);
        }

        if (context.TaskId == "enqueues")
        {
            await worker.Client.EnqueueAsync(Task("follow-up"), cancellationToken: cancellationToken);
        }

        handled.AddOrUpdate(context.TaskId, 1, (_, times) => times + 1);
        if (context.TaskId is "retry-me" or "archive-me")
        {
            throw new InvalidOperationException("This task never succeeds.");
        }
    }

    private static QueueTask Task(string id, EnqueueOptions? options = null) => new(
        "mail:send", new byte[100], new EnqueueOptions { Queue = "mail", TaskId = id }.With(options));

    // Below any limit that Redis could keep: every command that may grow memory is refused.
    private Task FillAsync() => admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");

    private Task EmptyAsync() => admin.GetServers()[0].ConfigSetAsync("maxmemory", "0");

    private Task DoneAsync(params string[] ids) => RedisWait.UntilAsync(
        async () => ids.All(handled.ContainsKey) && await Database.ListLengthAsync("asynq:{mail}:active") == 0,
        Patience,
        $"handled {ids.Length} tasks");
}
