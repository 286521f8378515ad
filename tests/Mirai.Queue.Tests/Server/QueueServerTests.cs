using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Tests.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Server;

/// <summary>A whole worker on real time. Nothing here waits for a poll: its interval is a minute.</summary>
internal sealed class QueueServerTests : StoreTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly EnqueueOptions Mail = new() { Queue = "mail" };

    [Test]
    public async Task Server_StartsTaskAtOnce_WhenAMiraiClientEnqueuesIt()
    {
        var started = new TaskCompletionSource<string>();
        await using var worker = await StartAsync((context, _) => Done(started, context.TaskId));
        await WaitForIdleAsync();

        var info = await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail);

        Assert.That(await started.Task.WaitAsync(Patience), Is.EqualTo(info.Id));
    }

    [Test]
    public async Task Server_StartsTaskWhenItIsDue_WithoutWaitingForItsForwardInterval()
    {
        var started = new TaskCompletionSource<DateTimeOffset>();
        await using var worker = await StartAsync(
            (_, _) => Done(started, TimeProvider.System.GetUtcNow()),
            options => options.ForwardInterval = TimeSpan.FromHours(1));
        await WaitForIdleAsync();
        var due = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2);

        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { ProcessAt = due });

        Assert.That(await started.Task.WaitAsync(Patience), Is.GreaterThanOrEqualTo(due));
    }

    [Test]
    public async Task Server_RetriesWhenItIsDue_WithoutWaitingForItsForwardInterval()
    {
        var second = new TaskCompletionSource<int>();
        await using var worker = await StartAsync(
            (context, _) => context.Retried == 0
                ? throw new InvalidOperationException("boom") : Done(second, context.Retried),
            options =>
            {
                options.ForwardInterval = TimeSpan.FromHours(1);
                options.RetryDelay = _ => TimeSpan.FromSeconds(1);
            });

        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail);

        Assert.That(await second.Task.WaitAsync(Patience), Is.EqualTo(1));
    }

    [Test]
    public async Task Server_FindsTaskByPolling_WhenTheProducerSendsNoSignal()
    {
        var started = new TaskCompletionSource<string>();
        await using var worker = await StartAsync(
            (context, _) => Done(started, context.TaskId),
            options => options.TaskCheckInterval = TimeSpan.FromMilliseconds(50));
        await WaitForIdleAsync();

        // As Go does it: the hash, then the list.
        await SetMessageAsync("go", Message("go"));
        await Redis.HashSetAsync("asynq:{mail}:t:go", [new("state", "pending"), new("pending_since", "1")]);
        await Redis.ListLeftPushAsync("asynq:{mail}:pending", "go");

        Assert.That(await started.Task.WaitAsync(Patience), Is.EqualTo("go"));
    }

    [Test]
    public async Task Server_CancelsTask_WhenAnybodyPublishesItsId()
    {
        var (running, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var worker = await StartAsync(async (_, token) =>
        {
            running.SetResult();
            await Cancellation.WaitAsync(token).ContinueWith(_ => { }, TaskScheduler.Default);
            cancelled.SetResult();
            token.ThrowIfCancellationRequested();
        });
        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { TaskId = "a" });
        await running.Task.WaitAsync(Patience);

        await UntilAsync(async () => await Redis.PublishAsync(RedisChannel.Literal("asynq:cancel"), "a") > 0);

        await cancelled.Task.WaitAsync(Patience);
        await worker.StopAsync();
        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context canceled"));
    }

    [Test]
    public async Task StopTaking_LeavesTasksWaiting_AndLetsRunningOnesEnd()
    {
        var (running, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var worker = await StartAsync((_, _) =>
        {
            running.TrySetResult();
            return release.Task;
        });
        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { TaskId = "first" });
        await running.Task.WaitAsync(Patience);

        await worker.Server.StopTakingAsync();
        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { TaskId = "second" });
        release.SetResult();
        await worker.StopAsync();

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "second" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:first"), Is.False);
    }

    [Test]
    public async Task Stop_RequeuesTaskUncharged_WhenItsHandlerTakesTooLong()
    {
        var running = new TaskCompletionSource();
        await using var worker = await StartAsync(
            async (_, token) =>
            {
                running.TrySetResult();
                await Cancellation.WaitAsync(token);
            },
            options =>
            {
                options.Concurrency = 1;
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(100);
            });
        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { TaskId = "long" });
        await running.Task.WaitAsync(Patience);
        await worker.Client.EnqueueAsync(new QueueTask("mail:send"), Mail with { TaskId = "waiting" });

        await worker.StopAsync();

        Assert.That(
            await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "waiting", "long" }), "the long one is next");
        Assert.That((await StoredAsync("long")).Retried, Is.Zero);
        Assert.That(await KeysAsync(), Is.EquivalentTo(new[]
        {
            "asynq:queues", "asynq:{mail}:pending", "asynq:{mail}:t:long", "asynq:{mail}:t:waiting",
        }));
    }

    [Test]
    public async Task Stop_UnderLoad_LosesRepeatsAndChargesNothing()
    {
        const int Count = 3_000;
        var redis = Redis;
        var handled = new ConcurrentDictionary<string, int>();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Handle(TaskContext context, CancellationToken token)
        {
            handled.AddOrUpdate(context.TaskId, 1, (_, times) => times + 1);
            if (handled.Count >= Count / 3)
            {
                busy.TrySetResult();
            }

            return redis.PingAsync(); // some work: a round trip
        }

        var worker = await StartAsync(Handle, options => options.Concurrency = 50);
        await EnqueueManyAsync(worker.Client, Count);
        await busy.Task.WaitAsync(Patience);

        await worker.DisposeAsync();
        var afterFirst = handled.Count;
        var waiting = await Redis.ListLengthAsync("asynq:{mail}:pending");
        Assert.That(afterFirst + waiting, Is.EqualTo(Count), "each task is handled or waits");
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);

        await using var second = await StartAsync(Handle, options => options.Concurrency = 50);
        await WaitUntilProcessedAsync(Count);
        Assert.That(handled.Values, Is.All.EqualTo(1));
        Assert.That(handled, Has.Count.EqualTo(Count));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task Server_ServesTypedHandlers_InAScopeOfTheirOwn()
    {
        var welcomed = new TaskCompletionSource<(Client.Welcome, Guid)>();
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl, (_, _) => Task.CompletedTask,
            build: queue => queue
                .AddJsonContext(Client.TestJsonContext.Default)
                .AddHandler<Client.Welcome, WelcomeHandler>()
                .WithServices(services => services.AddScoped<ScopedThing>().AddSingleton(welcomed)));

        await worker.Client.EnqueueAsync(new Client.Welcome(7, "Ada"));

        Assert.That((await welcomed.Task.WaitAsync(Patience)).Item1, Is.EqualTo(new Client.Welcome(7, "Ada")));
    }

    [Test]
    public async Task Server_ArchivesTask_WhenItsPayloadIsNotWhatTheHandlerWants()
    {
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl, (_, _) => Task.CompletedTask,
            build: queue => queue
                .AddJsonContext(Client.TestJsonContext.Default)
                .AddHandler<Client.Welcome, WelcomeHandler>()
                .WithServices(services => services.AddScoped<ScopedThing>()
                    .AddSingleton(new TaskCompletionSource<(Client.Welcome, Guid)>())));

        await worker.Client.EnqueueAsync(new QueueTask("mail:welcome", "{"u8.ToArray()), Mail with { TaskId = "a" });
        await WaitUntilProcessedAsync(1);

        Assert.That((await StoredAsync("a")).ErrorMsg, Does.StartWith("The payload is no Welcome: "));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(1));
    }

    [Test]
    public async Task Middleware_RunsInTheScopeOfTheTask_WithItsHandler()
    {
        var seen = new ConcurrentQueue<(Guid Middleware, Guid Handler)>();
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl,
            (context, _) =>
            {
                var middleware = context.Services.GetRequiredService<ScopedMiddleware>();
                seen.Enqueue((middleware.Thing.Id, context.Services.GetRequiredService<ScopedThing>().Id));
                return Task.CompletedTask;
            },
            build: queue => queue.UseMiddleware<ScopedMiddleware>()
                .WithServices(services => services.AddScoped<ScopedThing>()));

        await EnqueueManyAsync(worker.Client, 2);
        await WaitUntilProcessedAsync(2);

        Assert.That(seen.Select(ids => ids.Handler), Is.EqualTo(seen.Select(ids => ids.Middleware)), "one scope each");
        Assert.That(seen.Select(ids => ids.Handler), Is.Unique, "a scope of its own for every task");
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task Middleware_RunsInTheScopeOfTheTask_WhenNoHandlerKnowsItsType()
    {
        var called = new TaskCompletionSource<TaskContext>();
        await using var worker = await WorkerHost.StartAsync(
            RedisUrl, (_, _) => Task.CompletedTask,
            build: queue => queue.UseMiddleware<ScopedMiddleware>().WithServices(
                services => services.AddScoped<ScopedThing>().AddSingleton(called)));

        await worker.Client.EnqueueAsync(new QueueTask("sms:send"), Mail);

        Assert.That((await called.Task.WaitAsync(Patience)).Type, Is.EqualTo("sms:send"));
    }

    private static Task<WorkerHost> StartAsync(
        Func<TaskContext, CancellationToken, Task> handler, Action<QueueServerOptions>? configure = null) =>
        WorkerHost.StartAsync(RedisUrl, handler, options =>
        {
            options.TaskCheckInterval = TimeSpan.FromMinutes(1);
            configure?.Invoke(options);
        });

    private static Task Done<T>(TaskCompletionSource<T> source, T result)
    {
        source.TrySetResult(result);
        return Task.CompletedTask;
    }

    // The server shows itself before it polls for the first time, and its subscriptions are there soon after.
    private static Task WaitForIdleAsync() => UntilAsync(async () =>
        await Redis.SortedSetLengthAsync("asynq:servers") > 0
        && await Redis.PublishAsync(RedisChannel.Literal("asynq:{mail}:wake"), "") > 0);

    private static Task WaitUntilProcessedAsync(int count) =>
        UntilAsync(async () => (long)await Redis.StringGetAsync("asynq:{mail}:processed") >= count);

    // Redis announces none of these states, so the test asks; every question is a round trip.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task EnqueueManyAsync(IQueueClient client, int count)
    {
        var results = await client.EnqueueManyAsync(
            [.. Enumerable.Range(0, count)
                .Select(i => new QueueTask("mail:send", options: Mail with { TaskId = $"t{i}" }))]);
        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
    }

    private sealed class ScopedMiddleware(
        ScopedThing thing, TaskCompletionSource<TaskContext>? called = null) : ITaskMiddleware
    {
        public ScopedThing Thing { get; } = thing;

        public Task InvokeAsync(TaskContext context, TaskPipeline next)
        {
            called?.TrySetResult(context);
            return next(context);
        }
    }
}
