using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>Tasks that wait in groups.</summary>
internal sealed class GroupScenarioTests : RedisTest
{
    [Test]
    [GoldenFile("v0.26.0/scenarios/group_add.json")]
    public async Task AddToGroup_LeavesGosKeys([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_aggregate.json")]
    public async Task AddToGroup_LeavesGosKeys_WhereAnAggregatorFollows([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.PauseAsync("queue paused", "default", NotYet.Inspector);
        await replay.SeedAsync("server with GroupMaxSize 2", NotYet.Groups);
        await replay.SeedAsync("aggregator returned", NotYet.Groups);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_inspector.json")]
    public async Task Forward_TakesFailedTaskBackToItsGroup([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.SeedAsync("RunTask g1", NotYet.Inspector);
        await replay.SeedAsync("ArchiveTask g2", NotYet.Inspector);
        await replay.SeedAsync("DeleteTask g3", NotYet.Inspector);
        await replay.WorkAsync(
            "g1 fails, retry due in 1s",
            _ => throw new InvalidOperationException("boom"),
            options => options.RetryDelay = (_, _, _) => TimeSpan.FromSeconds(1));
        await replay.StepAsync("ForwardIfReady: g1 goes back to its group", async step =>
        {
            replay.SetTime(step.At.AddSeconds(2));
            await replay.Broker.ForwardAsync("default");
        });
        await replay.SeedAsync("RunAllAggregatingTasks", NotYet.Inspector);

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_inspector.json")]
    public async Task Forward_RegistersTheGroup_WhereGoForgetsIt()
    {
        await using var replay = Replay.Begin(Redis, Writer.Go);
        await replay.SeedToAsync("g1 fails, retry due in 1s", NotYet.Inspector);
        await Redis.KeyDeleteAsync("asynq:{default}:groups");

        replay.SetTime(replay.Time.GetUtcNow().AddSeconds(2));
        await replay.Broker.ForwardAsync("default");

        Assert.That(
            await Redis.SetContainsAsync("asynq:{default}:groups", "gr"), Is.True,
            "An aggregator finds the task only in a group that is registered.");
    }
}
