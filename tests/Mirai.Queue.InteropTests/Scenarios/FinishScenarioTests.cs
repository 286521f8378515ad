using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>Tasks that succeed.</summary>
internal sealed class FinishScenarioTests : RedisTest
{
    [Test]
    [GoldenFile("v0.26.0/scenarios/done.json")]
    public async Task Done_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("enqueue");
        await replay.WorkAsync("success", Succeed);
        await replay.EnqueueAsync("enqueue another");
        await replay.WorkAsync("success", Succeed);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/done.json")]
    public async Task Done_LeavesGosKeys_WhenTheRecordingIsMovedInTime([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer, days: 400);

        await replay.EnqueueAsync("enqueue");
        await replay.WorkAsync("success", Succeed);
        await replay.EnqueueAsync("enqueue another");
        await replay.WorkAsync("success", Succeed);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/done_retention_result.json")]
    public async Task Complete_LeavesGosKeys_WhenRetained([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.WorkAsync("success, result written twice", async context =>
        {
            await context.WriteResultAsync(new byte[] { 9 });
            await context.WriteResultAsync(new byte[] { 0, 1, 2, 255 });
        });
        await replay.StepAsync("rdb.DeleteExpiredCompletedTasks three seconds later", async step =>
        {
            replay.SetTime(step.At.AddSeconds(3));
            Assert.That(await replay.Store.DeleteExpiredCompletedAsync("default", 100), Is.EqualTo(1));
        });

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/unique_released_on_done.json")]
    public async Task Done_ReleasesLock([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("enqueue");
        await replay.WorkAsync("success", Succeed);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/schedule_forwarded.json")]
    public async Task Forward_LeavesGosKeys_BeforeAndWhenDue([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAsync("ProcessIn 1s");
        await replay.StepAsync("rdb.ForwardIfReady before it is due", async _ =>
            Assert.That((await replay.Store.ForwardAsync("default")).Moved, Is.Zero));
        await replay.StepAsync("rdb.ForwardIfReady when due", async _ =>
            Assert.That((await replay.Store.ForwardAsync("default")).Moved, Is.EqualTo(1)));
        await replay.WorkAsync("then processed", Succeed);

        replay.Complete();
    }

    private static Task Succeed(TaskContext context) => Task.CompletedTask;
}
