using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>What surrounds the inspector's mutations, on the keys that those left.</summary>
internal sealed class InspectorScenarioTests : RedisTest
{
    [Test]
    [GoldenFile("v0.26.0/scenarios/inspector_ops.json")]
    public async Task Take_LeavesGosKeys_AfterTasksWereMoved([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("pending");
        await replay.EnqueueAsync("scheduled");
        await replay.EnqueueAsync(
            "scheduled unique",
            Deliberate.LockIsNotCut("asynq:{default}:unique:t:eccbc87e4b5ce2fe28308fd9f2a7baf3", 2 * 60 * 60));
        await replay.SeedToAsync("DeleteTask unknown", NotYet.Inspector);
        await replay.StepAsync("s1 dequeued", step =>
            replay.Broker.TakeAsync("default", 1, step.At.ToUnixTimeSeconds() + 30, false));
        await replay.SeedToAsync("DeleteQueue unknown", NotYet.Inspector);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/inspector_all.json")]
    public async Task Enqueue_LeavesGosKeys_AfterAllTasksWereMoved([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.SeedToAsync("DeleteAllPendingTasks", NotYet.Inspector);
        await replay.EnqueueAsync("scheduled");
        await replay.SeedToAsync("RunAllRetryTasks with none", NotYet.Inspector);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/delete_queue.json")]
    public async Task Enqueue_LeavesGosKeys_AfterQueueWasDeleted([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.WorkAsync("all processed (p1, p2 done; c1 completed)", _ => Task.CompletedTask);
        await replay.EnqueueAsync("pending again, unique");
        await replay.PauseAsync("PauseQueue", "default", NotYet.Inspector);
        await replay.SeedAsync("DeleteQueue force", NotYet.Inspector);
        await replay.EnqueueAsync("enqueue through the same client: the cached queue name is not SADDed again");

        replay.Complete();
    }
}
