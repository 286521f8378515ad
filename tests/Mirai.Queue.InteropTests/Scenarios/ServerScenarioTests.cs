using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;
using static Mirai.Queue.TaskSelection;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>Servers while they run.</summary>
internal sealed class ServerScenarioTests : RedisTest
{
    [Test]
    [GoldenFile("v0.26.0/scenarios/active.json")]
    public async Task Active_LeavesGosKeys_BeforeAndAfterHeartbeat([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var handler = new HeldHandler();

        await replay.EnqueueAsync("enqueue in queue critical");
        await replay.StepAsync("server (concurrency 2, queues critical 6 and default 3, not strict)", async step =>
        {
            replay.StartWorker(handler.RunAsync, CriticalAndDefault);
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
            await replay.Worker.TakeAsync();
            await handler.Started;
        });
        await replay.StepAsync("six seconds later: a heartbeat", _ => replay.Worker.BeatAsync());
        await replay.StepAsync("handler wrote a result and returned nil", async _ =>
        {
            handler.Finish("result-bytes"u8.ToArray());
            await replay.Worker.FinishAsync();
        });
        await replay.StepAsync("Server.Shutdown", _ => replay.StopWorkerAsync());

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/cancel.json")]
    public async Task Cancel_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var handler = new HeldHandler();

        await replay.EnqueueAsync("enqueue");
        await replay.StepAsync("running", async step =>
        {
            replay.StartWorker(handler.RunAsync, options => options.Concurrency = 2);
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
            await replay.Worker.SubscribeAsync();
            await replay.Worker.TakeAsync();
            await handler.Started;
        });
        await replay.StepAsync("CancelProcessing", async _ =>
        {
            await replay.Inspector.CancelTasksAsync(One("default", "c1"));
            await replay.Worker.FinishAsync();
        });
        await replay.StepAsync(
            "CancelProcessing of an unknown ID", _ => replay.Inspector.CancelTasksAsync(One("default", "nope")));
        await replay.StopWorkerAsync();

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/requeue_on_shutdown.json")]
    public async Task Stop_PutsTaskBackAsGoDoes_WhenHandlerRunsTooLong([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var handler = new HeldHandler();

        await replay.EnqueueAllAsync();
        await replay.StepAsync("q1 running (concurrency 1)", async step =>
        {
            replay.StartWorker(handler.RunAsync, OneSlotNoPatience);
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
            await replay.Worker.TakeAsync();
            await handler.Started;
        });
        await replay.StepAsync("Shutdown", _ => replay.StopWorkerAsync());

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/heartbeat.json")]
    public async Task Heartbeat_LeavesGosKeys_InEveryState([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.StepAsync("started: queues critical 6, default 3, low 1; strict; concurrency 5", async step =>
        {
            replay.StartWorker(handler: null, CriticalDefaultAndLow);
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
        });
        await replay.StepAsync("Server.Stop and six seconds: status stopped", async _ =>
        {
            await replay.Worker.Server.StopTakingAsync();
            await replay.Worker.BeatAsync();
        });
        await replay.StepAsync("Server.Shutdown: cleared", _ => replay.StopWorkerAsync());

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/pause.json")]
    public async Task Take_LeavesPausedQueueAlone([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("enqueue");
        await replay.StepAsync("PauseQueue", async _ =>
            Assert.That(await replay.Inspector.PauseQueueAsync("default"), Is.True));
        await replay.StepAsync("PauseQueue again", async _ =>
            Assert.That(await replay.Inspector.PauseQueueAsync("default"), Is.False));
        await replay.WorkAsync("a server ran for a second: nothing dequeued", _ => Task.CompletedTask);
        await replay.StepAsync("PauseQueue of a queue that does not exist", _ =>
            replay.Inspector.PauseQueueAsync("nowhere"));
        await replay.StepAsync("UnpauseQueue", async _ =>
            Assert.That(await replay.Inspector.ResumeQueueAsync("default"), Is.True));
        await replay.StepAsync("UnpauseQueue again", async _ =>
            Assert.That(await replay.Inspector.ResumeQueueAsync("default"), Is.False));

        replay.Complete();
    }

    private static void CriticalAndDefault(QueueServerOptions options)
    {
        options.Concurrency = 2;
        options.Queues["critical"] = 6;
        options.Queues["default"] = 3;
    }

    private static void CriticalDefaultAndLow(QueueServerOptions options)
    {
        CriticalAndDefault(options);
        options.Queues["low"] = 1;
        options.Concurrency = 5;
        options.StrictPriority = true;
    }

    private static void OneSlotNoPatience(QueueServerOptions options)
    {
        options.Concurrency = 1;
        options.ShutdownTimeout = TimeSpan.Zero;
    }
}
