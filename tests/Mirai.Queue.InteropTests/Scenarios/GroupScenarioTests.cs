using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Testing;
using static Mirai.Queue.TaskSelection;

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
    public async Task Aggregate_LeavesGosKeys([Values] Writer writer)
    {
        var aggregator = new HeldAggregator();
        await using var replay = Replay.Begin(Redis, writer, aggregator: aggregator);
        var aggregation = Task.CompletedTask;

        await replay.EnqueueAllAsync();
        await replay.StepAsync("queue paused", _ => replay.Inspector.PauseQueueAsync("default"));
        await replay.StepAsync("server with GroupMaxSize 2", async step =>
        {
            replay.StartWorker(handler: null, options => options.GroupMaxSize = 2);
            replay.SetTime(step.HeartbeatAt);
            await replay.Worker.BeatAsync();
            replay.SetTime(DateTimeOffset.FromUnixTimeSeconds((long)SetOf(step.Keys).Score!.Value - 120));
            aggregation = replay.Worker.AggregateAsync();
            await aggregator.Started.WaitAsync(TimeSpan.FromSeconds(20));
            replay.Equate(NameOf(SetOf(await RedisKeyspace.ReadAsync(Redis))), NameOf(SetOf(step.Keys)));
        });
        await replay.StepAsync("aggregator returned", async _ =>
        {
            aggregator.Finish();
            await aggregation;
        });

        await replay.StopWorkerAsync();
        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_aggregate.json")]
    public async Task Reclaim_PutsBackTheSetOfAGoServer_ThatDiedAndForgotTheGroup()
    {
        var aggregator = new HeldAggregator();
        await using var replay = Replay.Begin(Redis, Writer.Go, aggregator: aggregator);
        await replay.BeginAfterAsync("server with GroupMaxSize 2");
        await Redis.KeyDeleteAsync("asynq:{default}:groups");
        var set = SetOf(await RedisKeyspace.ReadAsync(Redis));
        replay.StartWorker(handler: null);

        replay.SetTime(DateTimeOffset.FromUnixTimeSeconds((long)set.Score!.Value));
        await replay.Worker.ReclaimAsync();
        aggregator.Finish();
        await replay.Worker.AggregateAsync();

        Assert.That(await Redis.KeyExistsAsync(NameOf(set)), Is.False);
        Assert.That(
            (await replay.Inspector.FindTaskAsync("default", "agg"))!.Payload!.Value.ToArray(), Is.EqualTo(
                "1,2,3"u8.ToArray()));
        await replay.StopWorkerAsync();
    }

    private static StoredValue SetOf(Keyspace keys) => keys.Find("asynq:{default}:aggregation_sets")!.Values[0];

    private static string NameOf(StoredValue set) => System.Text.Encoding.UTF8.GetString(set.Bytes);

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_inspector.json")]
    public async Task Inspect_LeavesGosKeys_OfTasksInGroups([Values] Writer writer)
    {
        await using var replay = Replay.Begin(Redis, writer);

        await replay.EnqueueAllAsync();
        await replay.StepAsync("RunTask g1", _ => replay.Inspector.RunTasksAsync(One("default", "g1")));
        await replay.StepAsync("ArchiveTask g2", _ => replay.Inspector.ArchiveTasksAsync(One("default", "g2")));
        await replay.StepAsync("DeleteTask g3", _ => replay.Inspector.DeleteTasksAsync(One("default", "g3")));
        await replay.WorkAsync(
            "g1 fails, retry due in 1s",
            _ => throw new InvalidOperationException("boom"),
            options => options.RetryDelay = _ => TimeSpan.FromSeconds(1));
        await replay.StepAsync("ForwardIfReady: g1 goes back to its group", async step =>
        {
            replay.SetTime(step.At.AddSeconds(2));
            await replay.Store.ForwardAsync("default");
        });
        await replay.StepAsync("RunAllAggregatingTasks", async _ => Assert.That(
            (await replay.Inspector.RunTasksAsync(InGroup("default", "gr"))).Count, Is.EqualTo(2)));

        replay.Complete();
    }

    [Test]
    [GoldenFile("v0.26.0/scenarios/group_inspector.json")]
    public async Task Forward_RegistersTheGroup_WhereGoForgetsIt()
    {
        await using var replay = Replay.Begin(Redis, Writer.Go);
        await replay.BeginAfterAsync("g1 fails, retry due in 1s");
        await Redis.KeyDeleteAsync("asynq:{default}:groups");

        replay.SetTime(replay.Time.GetUtcNow().AddSeconds(2));
        await replay.Store.ForwardAsync("default");

        Assert.That(
            await Redis.SetContainsAsync("asynq:{default}:groups", "gr"), Is.True,
            "An aggregator finds the task only in a group that is registered.");
    }
}
