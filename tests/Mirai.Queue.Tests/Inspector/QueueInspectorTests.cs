using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Store;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorTests : StoreTest
{
    private QueueInspector inspector = null!;

    [SetUp]
    public void CreateInspector() => inspector = new QueueInspector(Connection(), Store, Time);

    [Test]
    public async Task ListQueues_SortsNames()
    {
        await Redis.SetAddAsync("asynq:queues", ["mail", "critical", "Zoo"]);

        Assert.That(await inspector.ListQueuesAsync(), Is.EqualTo(new[] { "Zoo", "critical", "mail" }));
    }

    [Test]
    public async Task FindQueue_IsNull_WhenNobodyEverUsedIt() =>
        Assert.That(await inspector.FindQueueAsync("mail"), Is.Null);

    [Test]
    public async Task FindQueue_CountsEverything()
    {
        await TakeNewAsync("done", "failed", "retried", "kept", "running");
        await Store.FinishAsync("mail",
        [
            new(Lease("done"), TaskOutcome.Done),
            new(Lease("failed"), TaskOutcome.Archived, Score: Now),
            new(Lease("retried"), TaskOutcome.Retry, Score: Now + 60),
            new(Lease("kept"), TaskOutcome.Completed, Score: Now + 60),
        ]);
        await EnqueueAsync(NewTask("later", new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) }));
        await EnqueueAsync(
            NewTask("g1", new EnqueueOptions { Group = "one" }), NewTask("g2", new EnqueueOptions { Group = "two" }));
        await EnqueueAsync(NewTask("waiting"));
        await EnqueueAsync(NewTask("waiting too"));
        await Redis.StringSetAsync("asynq:{mail}:paused", Now);

        Time.Advance(TimeSpan.FromSeconds(90));
        var info = await inspector.FindQueueAsync("mail");

        Assert.That(info, Is.EqualTo(new QueueInfo
        {
            Queue = "mail", Pending = 2, Active = 1, Scheduled = 1, Retry = 1, Archived = 1, Completed = 1, Groups = 2,
            Aggregating = 2, Processed = 4, Failed = 2, ProcessedTotal = 4, FailedTotal = 2, IsPaused = true,
            Latency = TimeSpan.FromSeconds(90), MemoryUsage = info!.MemoryUsage, Timestamp = Time.GetUtcNow(),
        }).UsingPropertiesComparer());
        Assert.That(info.Size, Is.EqualTo(9));
    }

    [Test]
    public async Task FindQueue_CountsAllGroups_WhenThereAreManyPages()
    {
        foreach (var chunk in Enumerable.Range(0, 1_000).Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i}", new EnqueueOptions { Group = $"g{i % 700}" }))]);
        }

        var info = await inspector.FindQueueAsync("mail");

        Assert.That((info!.Groups, info.Aggregating), Is.EqualTo((700L, 1_000L)));
    }

    [Test]
    public async Task FindTask_IsNull_WhenThereIsNone() =>
        Assert.That(await inspector.FindTaskAsync("mail", "a"), Is.Null);

    [Test]
    public async Task FindTask_TellsAllThatIsStored()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions
        {
            ProcessIn = TimeSpan.FromSeconds(60), MaxRetry = 3, Timeout = TimeSpan.FromSeconds(5),
            Retention = TimeSpan.FromMinutes(1),
            Deadline = DateTimeOffset.FromUnixTimeSeconds(Now + 500), Headers = new Dictionary<string,
            string> { ["k"] = "v" },
        }));

        var task = await inspector.FindTaskAsync("mail", "a");

        Assert.That(
            (task!.Id, task.Queue, task.Type, task.State, task.MaxRetry, task.Timeout, task.Retention, task.Deadline, task.NextProcessAt),
            Is.EqualTo((
                "a", "mail", "mail:send", TaskState.Scheduled, 3, (TimeSpan?)TimeSpan.FromSeconds(5),
                TimeSpan.FromMinutes(1),
                (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now + 500),
                (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now + 60))));
        Assert.That(task.Payload!.Value.ToArray(), Is.EqualTo("{}"u8.ToArray()));
        Assert.That(task.Headers, Is.EquivalentTo(new Dictionary<string, string> { ["k"] = "v" }));
        Assert.That((task.LastError, task.LastFailedAt, task.CompletedAt, task.Result), Is.EqualTo(
            ((string?)null, (DateTimeOffset?)null, (DateTimeOffset?)null, (ReadOnlyMemory<byte>?)null)));
    }

    [Test]
    public async Task FindTask_TellsResult_WhenCompleted()
    {
        await TakeNewAsync("a");
        await Store.WriteResultAsync(Lease("a"), "42"u8.ToArray());
        await Store.FinishAsync("mail", [new FinishedTask(Lease("a"), TaskOutcome.Completed, Score: Now + 60)]);

        var task = await inspector.FindTaskAsync("mail", "a");

        Assert.That(task!.State, Is.EqualTo(TaskState.Completed));
        Assert.That(task.Result!.Value.ToArray(), Is.EqualTo("42"u8.ToArray()));
    }

    [Test]
    public async Task FindTask_Throws_WhenWhatIsStoredCannotBeRead()
    {
        await Redis.HashSetAsync("asynq:{mail}:t:a", [new("msg", "\xff"), new("state", "pending")]);
        await Redis.HashSetAsync("asynq:{mail}:t:b", [new("msg", ""), new("state", "dancing")]);

        Assert.That(() => inspector.FindTaskAsync("mail", "a"), Throws.InstanceOf<InvalidDataException>());
        Assert.That(
            () => inspector.FindTaskAsync("mail", "b"),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("dancing"));
    }
}
