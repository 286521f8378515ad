using System.Globalization;
using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;
using static Mirai.Queue.TaskSelection;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>Asynq v0.24.1: the same layout, an older library.</summary>
internal sealed class OlderVersionScenarioTests : RedisTest
{
    [Test]
    [GoldenFile("v0.24.1/scenarios/enqueue.json")]
    public async Task Enqueue_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await InspectAsync(replay, "critical", "default");

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.24.1/scenarios/lifecycle.json")]
    public async Task Work_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("enqueue");
        await replay.WorkAsync("failure", Fail);
        await replay.StepAsync("run", _ => replay.Inspector.RunTasksAsync(One("default", "r1")));
        await replay.WorkAsync("failure: archived", Fail);
        await replay.EnqueueAsync("enqueue with retention");
        await replay.WorkAsync("success with result", context => context.WriteResultAsync("res"u8.ToArray()));
        await InspectAsync(replay, "default");

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.24.1/scenarios/active.json")]
    public async Task Active_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var handler = new HeldHandler();

        await replay.EnqueueAsync("enqueue");
        await replay.StepAsync("after a heartbeat", async step =>
        {
            replay.StartWorker(handler.RunAsync, options => options.Concurrency = 10);
            replay.SetTime(step.TakenAt);
            await replay.Worker.TakeAsync();
            await handler.Started;
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
        });
        await replay.StepAsync("done", async _ =>
        {
            handler.Finish();
            await replay.StopWorkerAsync();
        });

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.24.1/scenarios/not_failure.json")]
    public async Task Archive_TakesWhatIsNoFailure_WhenNoRetryIsLeft([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("enqueue, max retry 0");
        await replay.WorkAsync(
            "not a failure",
            Fail,
            options => options.IsFailure = _ => false,
            new Deliberate(
                "v0.24.1 retried such a task for ever, and Mirai archives it as Asynq does since v0.25",
                "asynq:{default}:archived (zset) n1: Go has none, Mirai has '*'",
                "asynq:{default}:failed (string): Go has none, Mirai has '1'",
                "asynq:{default}:failed:* (string): Go has none, Mirai has '1'",
                "asynq:{default}:failed:* (string) expires: Go has none, Mirai has '*'",
                "asynq:{default}:processed (string): Go has none, Mirai has '1'",
                "asynq:{default}:processed:* (string): Go has none, Mirai has '1'",
                "asynq:{default}:processed:* (string) expires: Go has none, Mirai has '*'",
                "asynq:{default}:retry (zset) n1: Go has '*', Mirai has none",
                "asynq:{default}:t:n1 (hash) state: Go has 'retry', Mirai has 'archived'"));

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.24.1/scenarios/headers_lost.json")]
    public async Task Retry_KeepsHeaders([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.StepAsync("enqueued by v0.26.0 with header k=v", _ => replay.Client.EnqueueAsync(
            new QueueTask("t", "x"u8.ToArray()),
            new EnqueueOptions { TaskId = "h1", Headers = new Dictionary<string, string> { ["k"] = "v" } }));
        await replay.WorkAsync(
            "v0.24.1 server: failure",
            Fail,
            deliberate: new Deliberate(
                "v0.24.1 lost headers, and Mirai keeps them as v0.26 does",
                "asynq:{default}:t:h1 (hash) msg.headers: Go has '', Mirai has 'k=v'"));

        replay.Complete();
    }

    private static Task InspectAsync(Replay replay, params string[] queues) =>
        replay.StepAsync("inspect", async step =>
        {
            foreach (var queue in queues)
            {
                var inspected = step.Inspected!["queue"]![queue]!.AsObject();
                replay.SetTime(Time(inspected["info"]!["timestamp"]!));
                await InspectedQueue.AssertEqualAsync(replay.Inspector, queue, inspected);
            }
        });

    private static DateTimeOffset Time(JsonNode time) =>
        DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);

    private static Task Fail(TaskContext context) => throw new InvalidOperationException("simulated failure");
}
