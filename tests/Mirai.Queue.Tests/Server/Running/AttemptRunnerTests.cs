using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Tests.Server.Running;

/// <summary>What becomes of a task after its handler.</summary>
internal sealed class AttemptRunnerTests : ServerTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Success_DeletesTask()
    {
        await RunAsync(_ => Task.CompletedTask);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Success_KeepsTaskAndResult_WhenItHasARetention()
    {
        await RunAsync(
            async context => await context.WriteResultAsync("42"u8.ToArray()),
            new EnqueueOptions { Retention = TimeSpan.FromHours(1) });

        Assert.That((string?)await Redis.HashGetAsync("asynq:{mail}:t:a", "result"), Is.EqualTo("42"));
        Assert.That(await ZSetAsync("asynq:{mail}:completed"), Is.EqualTo(new[] { ("a", Now + 3600d) }));
    }

    [Test]
    public async Task Context_TellsTheTask()
    {
        await RunAsync(_ => Task.CompletedTask, new EnqueueOptions
        {
            MaxRetry = 4,
            Headers = new Dictionary<string, string> { ["k"] = "v" },
        });

        var context = Handled.Single();
        Assert.That(
            (context.TaskId, context.Type, context.Queue, context.Retried, context.MaxRetry, context.Headers["k"],
                context.Deadline),
            Is.EqualTo(("a", "mail:send", "mail", 0, 4, "v", DateTimeOffset.FromUnixTimeSeconds(Now + 1800))));
        Assert.That(context.Payload.ToArray(), Is.EqualTo("{}"u8.ToArray()));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Exception_FailsTheAttempt_WithItsText(bool beforeFirstAwait)
    {
        var redis = Redis;
        await RunAsync(async _ =>
        {
            if (!beforeFirstAwait)
            {
                await redis.PingAsync();
            }

            throw new InvalidOperationException("boom");
        });

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("boom"));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
    }

    [Test]
    public async Task Exception_FailsTheAttempt_WhenThrownByTheHandlersMethodItself()
    {
        await RunAsync(_ => throw new InvalidOperationException("synchronous"));

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("synchronous"));
    }

    [Test]
    public async Task NullTask_FailsTheAttempt()
    {
        await RunAsync(_ => null!);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("The handler returned null instead of a task."));
        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
    }

    [Test]
    public async Task UnknownType_IsRetriedWithAsynqsText_WhenConfigured()
    {
        var parts = Parts(configure: options => options.UnknownTypes = UnknownTypeAction.Fail);
        await EnqueueAsync(NewTask("a", type: "sms:send"));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("handler not found for task \"sms:send\""));
        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
    }

    [Test]
    public async Task Revoke_DeletesTaskAndReleasesItsLock_ThoughItHasARetention()
    {
        await RunAsync(
            _ => throw new RevokeTaskException(),
            new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1), Retention = TimeSpan.FromHours(1) });

        Assert.That(await KeysAsync(), Has.None.Contains(":t:").And.None.Contains(":unique:"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task Lock_StaysThroughARetry()
    {
        await RunAsync(
            _ => throw new InvalidOperationException("boom"),
            new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) });

        Assert.That(
            (await KeysAsync()).Count(key => key.Contains(":unique:", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Deadline_CancelsTheHandler_AndStoresAsynqsText()
    {
        var parts = Parts(WaitForCancellation);
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Timeout = TimeSpan.FromSeconds(5) }));
        await parts.Processor.FillAsync();

        Time.Advance(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(1));
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context deadline exceeded"));
    }

    [Test]
    public async Task Deadline_ArchivesTheTaskAtOnce_WhenItPassedWhileTheTaskWaited()
    {
        var parts = Parts(_ => Task.CompletedTask);
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Deadline = Time.GetUtcNow().AddSeconds(1) }));
        Time.Advance(TimeSpan.FromSeconds(1));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        var stored = await StoredAsync("a");
        Assert.That(Handled, Is.Empty);
        Assert.That(
            stored.ErrorMsg,
            Does.StartWith("context deadline exceeded: the deadline of the task, ").And.EndsWith("did not run"));
        Assert.That(stored.Retried, Is.Zero);
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", Now + 1d) }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:retry"), Is.False);
    }

    [Test]
    public async Task Retry_IsNotEarly_WhenTheFailureLiesBetweenTwoSeconds()
    {
        var parts = Parts(_ => throw new InvalidOperationException(), options => options.RetryDelay =
            _ => TimeSpan.FromSeconds(3));
        await EnqueueAsync(NewTask("a"));
        Time.Advance(TimeSpan.FromMilliseconds(100));

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 4d) }));
    }

    [Test]
    public async Task Deadlines_AreEachKept_WhenSeveralTasksRun()
    {
        var parts = Parts(WaitForCancellation, options => options.Concurrency = 2);
        await EnqueueAsync(
            NewTask("late", new EnqueueOptions { Timeout = TimeSpan.FromSeconds(20) }),
            NewTask("early", new EnqueueOptions { Timeout = TimeSpan.FromSeconds(10) }));
        await parts.Processor.FillAsync();

        Time.Advance(TimeSpan.FromSeconds(10.5));
        await parts.Running.WaitForFreeAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        Assert.That(parts.Running.Snapshot().Single().TaskId, Is.EqualTo("late"));

        Time.Advance(TimeSpan.FromSeconds(10));
        await parts.Running.WhenEmpty().WaitAsync(Patience);
    }

    [Test]
    public async Task Cancellation_CancelsEveryTaskOfThatId_AndStoresAsynqsText()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(
            context => context.TaskId == "a" ? WaitForCancellation(context) : release.Task,
            options => options.Queues["other"] = 1);
        await EnqueueAsync(NewTask("a"));
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = "other" }));
        await EnqueueAsync(NewTask("b"));
        await parts.Processor.FillAsync();

        parts.Running.Cancel("a", CancelReason.Canceled);
        Assert.That(
            parts.Running.Snapshot().Single(attempt => attempt.TaskId == "b").CancelReason,
            Is.EqualTo(CancelReason.None));
        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context canceled"));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{other}:retry"), Is.EqualTo(1));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:b"), Is.False, "b succeeded");
    }

    [Test]
    public async Task Cancellation_LeavesTheLastWordToTheHandler()
    {
        var parts = Parts(async context =>
        {
            await WaitForCancellation(context).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new SkipRetryException("enough");
        });
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();

        parts.Running.Cancel("a", CancelReason.Canceled);
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("enough"));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(1));
    }

    [Test]
    public async Task Cancellation_CountsAsSuccess_WhenTheHandlerFinishesAllTheSame()
    {
        var parts = Parts(
            async context => await WaitForCancellation(context).ContinueWith(_ => { }, TaskScheduler.Default));
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();

        parts.Running.Cancel("a", CancelReason.Canceled);
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
    }

    [Test]
    public async Task Handler_IsAbandoned_WhenItIgnoresItsCancellation()
    {
        var (started, ignorant) = (new TaskCompletionSource(), new TaskCompletionSource());
        var parts = Parts(_ =>
        {
            started.SetResult();
            return ignorant.Task;
        });
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();
        await started.Task.WaitAsync(Patience);

        parts.Running.Cancel("a", CancelReason.Canceled);
        Assert.That(parts.Running.Count, Is.EqualTo(1), "it has its grace");
        Time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(1));
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context canceled"));
        ignorant.SetResult();
    }

    [Test]
    public async Task ErrorHandler_HearsEveryFailure_AndMayFailItself()
    {
        var heard = new List<string>();
        await RunAsync(
            _ => throw new InvalidOperationException("boom"),
            configure: options => options.ErrorHandler = (context, exception, _) =>
            {
                heard.Add($"{context.TaskId}: {exception.Message}");
                throw new InvalidOperationException("the error handler's own");
            });

        Assert.That(heard, Is.EqualTo(new[] { "a: boom" }));
        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("boom"));
    }

    [Test]
    public async Task ErrorHandler_IsCancelled_WhenTheShutdownTimeoutIsOver()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var server = Server(_ => throw new InvalidOperationException("boom"), options =>
        {
            options.ShutdownTimeout = TimeSpan.Zero;
            options.ErrorHandler = async (_, _, token) =>
            {
                started.SetResult();
                await Cancellation.WaitAsync(token).ContinueWith(_ => { }, TaskScheduler.Default);
                cancelled.SetResult();
            };
        });
        server.Parts.Syncer.Start();
        await EnqueueAsync(NewTask("a"));
        await server.Parts.Processor.FillAsync();
        await started.Task.WaitAsync(Patience);
        Assert.That(cancelled.Task.IsCompleted, Is.False);

        await server.StopAsync(CancellationToken.None).WaitAsync(Patience);

        await cancelled.Task.WaitAsync(Patience);
        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("boom"), "the failure is written all the same");
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
    }

    [Test]
    public async Task Result_IsRefused_WhenAnotherWorkerHasTheTask()
    {
        await EnqueueAsync(NewTask("a"));
        var refusal = new TaskCompletionSource<Exception?>();
        var redis = Redis;
        var parts = Parts(async context =>
        {
            await redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 99);
            try
            {
                await context.WriteResultAsync("late"u8.ToArray());
            }
            catch (OperationCanceledException exception)
            {
                refusal.SetResult(exception);
                throw;
            }
        });

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That(await refusal.Task.WaitAsync(Patience), Is.InstanceOf<OperationCanceledException>());
        Assert.That(await Redis.HashExistsAsync("asynq:{mail}:t:a", "result"), Is.False);
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Acknowledgement_ChangesNothing_WhenTheLeaseIsLost()
    {
        var redis = Redis;
        var parts = Parts(async _ => await redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 99));
        await EnqueueAsync(NewTask("a"));

        await RunTakenAsync(parts);
        var before = await DumpAsync();
        await WriteBackAsync(parts);

        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    private static Task WaitForCancellation(TaskContext context) => Cancellation.WaitAsync(context.CancellationToken);

    private async Task RunAsync(
        Func<TaskContext, Task> handler, EnqueueOptions? options = null, Action<QueueServerOptions>? configure = null)
    {
        var parts = Parts(handler, configure);
        await EnqueueAsync(NewTask("a", options));
        await RunTakenAsync(parts);
        await WriteBackAsync(parts);
    }
}
