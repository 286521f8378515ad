using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;
using static Mirai.Queue.TaskSelection;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>What the inspector does to tasks and queues, and what it refuses.</summary>
internal sealed class InspectorScenarioTests : RedisTest
{
    private const string Lock = "asynq:{default}:unique:t:eccbc87e4b5ce2fe28308fd9f2a7baf3";

    // A message has 15 fields.
    private static readonly Deliberate NothingIsLeft = new(
        "a deleted queue leaves nothing behind",
        [
            Left("completed (zset) c1"), Left("g:gr (zset) g1"), Left("groups (set) gr"), Left("paused (string)"),
            Left("processed (string)"), Left("processed:* (string)"), Left("processed:* (string) expires"),
            .. Enumerable.Repeat(Left("t:c1 (hash) *"), 16), .. Enumerable.Repeat(Left("t:g1 (hash) *"), 17),
            Left("unique:t:* (string)"), Left("unique:t:* (string) expires"),
        ]);

    [Test]
    [GoldenFile("v0.26.0/scenarios/inspector_ops.json")]
    public async Task Actions_LeaveGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var inspector = replay.Inspector;

        await replay.EnqueueAsync("pending");
        await replay.EnqueueAsync("scheduled");
        var longer = Deliberate.LockIsNotCut(Lock, 2 * 60 * 60);
        await replay.EnqueueAsync("scheduled unique", longer);
        replay.Standing = writer == Writer.Mirai ? longer : null;
        await RefuseAsync<TaskStateException>(
            replay, "RunTask of a pending task", () => inspector.RunTasksAsync(One("default", "p1")));
        await replay.StepAsync("RunTask scheduled", _ => inspector.RunTasksAsync(One("default", "s1")));
        await RefuseAsync<TaskNotFoundException>(
            replay, "RunTask unknown task", () => inspector.RunTasksAsync(One("default", "nope")));
        await RefuseAsync<QueueNotFoundException>(
            replay, "RunTask unknown queue", () => inspector.RunTasksAsync(One("nowhere", "p1")));
        await replay.StepAsync("ArchiveTask pending", _ => inspector.ArchiveTasksAsync(One("default", "p1")));
        await RefuseAsync<TaskStateException>(
            replay, "ArchiveTask archived", () => inspector.ArchiveTasksAsync(One("default", "p1")));
        await replay.StepAsync(
            "UpdateTaskPayload scheduled",
            _ => inspector.UpdatePayloadsAsync(One("default", "s2"), _ => "new"u8.ToArray()));
        await RefuseAsync<TaskStateException>(
            replay,
            "UpdateTaskPayload pending",
            () => inspector.UpdatePayloadsAsync(One("default", "s1"), _ => "new"u8.ToArray()));
        await replay.StepAsync("ArchiveTask scheduled unique", _ => inspector.ArchiveTasksAsync(One("default", "s2")));
        replay.Standing = null;
        await replay.StepAsync("DeleteTask archived unique", _ => inspector.DeleteTasksAsync(One("default", "s2")));
        await RefuseAsync<TaskNotFoundException>(
            replay, "DeleteTask unknown", () => inspector.DeleteTasksAsync(One("default", "nope")));
        await replay.StepAsync("s1 dequeued", step =>
            replay.Store.TakeAsync("default", 1, step.At.ToUnixTimeSeconds() + 30, false));
        await RefuseActiveAsync(replay);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/inspector_all.json")]
    public async Task AllActions_LeaveGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);
        var inspector = replay.Inspector;

        await replay.EnqueueAllAsync();
        await CountAsync(replay, "ArchiveAllPendingTasks", 2, () => inspector.ArchiveTasksAsync(All(TaskState.Pending)));
        await CountAsync(replay, "RunAllScheduledTasks", 2, () => inspector.RunTasksAsync(All(TaskState.Scheduled)));
        await CountAsync(replay, "RunAllArchivedTasks", 2, () => inspector.RunTasksAsync(All(TaskState.Archived)));
        await CountAsync(replay, "DeleteAllPendingTasks", 4, () => inspector.DeleteTasksAsync(All(TaskState.Pending)));
        await replay.EnqueueAsync("scheduled");
        await CountAsync(
            replay, "ArchiveAllScheduledTasks", 1, () => inspector.ArchiveTasksAsync(All(TaskState.Scheduled)));
        await CountAsync(replay, "DeleteAllArchivedTasks", 1, () => inspector.DeleteTasksAsync(All(TaskState.Archived)));
        await CountAsync(replay, "RunAllRetryTasks with none", 0, () => inspector.RunTasksAsync(All(TaskState.Retry)));

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/delete_queue.json")]
    public async Task DeleteQueue_LeavesNothing_WhereGoLeavesMuch([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.WorkAsync("all processed (p1, p2 done; c1 completed)", _ => Task.CompletedTask);
        await replay.EnqueueAsync("pending again, unique");
        await replay.StepAsync("PauseQueue", _ => replay.Inspector.PauseQueueAsync("default"));
        await replay.StepAsync(
            "DeleteQueue force",
            async _ =>
            {
                await replay.Inspector.DeleteQueueAsync("default", force: true);
                Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
            },
            NothingIsLeft);
        await replay.EnqueueAsync(
            "enqueue through the same client: the cached queue name is not SADDed again",
            writer == Writer.Mirai ? NothingIsLeft : null);

        replay.Complete();
    }

    private static string Left(string path) => $"asynq:{{default}}:{path}: Go has '*', Mirai has none";

    private static async Task RefuseActiveAsync(Replay replay)
    {
        var inspector = replay.Inspector;
        await RefuseAsync<TaskStateException>(
            replay, "RunTask active", () => inspector.RunTasksAsync(One("default", "s1")));
        await RefuseAsync<TaskStateException>(
            replay, "ArchiveTask active", () => inspector.ArchiveTasksAsync(One("default", "s1")));
        await RefuseAsync<TaskStateException>(
            replay, "DeleteTask active", () => inspector.DeleteTasksAsync(One("default", "s1")));
        await RefuseAsync<QueueNotEmptyException>(
            replay,
            "DeleteQueue force with an active task",
            () => inspector.DeleteQueueAsync("default", force: true));
        await RefuseAsync<QueueNotEmptyException>(
            replay, "DeleteQueue not empty", () => inspector.DeleteQueueAsync("default"));
        await RefuseAsync<QueueNotFoundException>(
            replay, "DeleteQueue unknown", () => inspector.DeleteQueueAsync("nowhere"));
    }

    private static Task RefuseAsync<TException>(Replay replay, string did, Func<Task> act)
        where TException : Exception =>
        replay.StepAsync(did, async step =>
        {
            Assert.That(step.Error, Is.Not.Null);
            await Assert.ThatAsync(act, Throws.TypeOf<TException>());
        });

    private static TaskSelection All(TaskState state) => InState("default", state);

    private static Task CountAsync(Replay replay, string did, int count, Func<Task<SelectionStep>> act) =>
        replay.StepAsync(did, async _ => Assert.That((await act()).Count, Is.EqualTo(count)));
}
