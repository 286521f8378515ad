using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Replays;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>Broker operations with Go's clock fixed at 2027-01-15T08:00:00.123456789Z: every value is exact, to the
/// hundred nanoseconds that .NET's clock can tell.</summary>
internal sealed class FixedClockScenarioTests : RedisTest
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    private static readonly SchedulerName Scheduler = new("host", 1234, "uuid");

    private readonly Dictionary<string, TaskMessage> taken = [];
    private Replay replay = null!;

    [Test]
    [GoldenFile("v0.26.0/scenarios/broker_fixed_clock.json")]
    public Task Broker_LeavesGosKeys([Values] Writer writer) => ReplayAsync(writer, days: null);

    [Test]
    [GoldenFile("v0.26.0/scenarios/broker_fixed_clock.json")]
    public Task Broker_LeavesGosKeys_WhenTheRecordingIsMovedInTime([Values] Writer writer) =>
        ReplayAsync(writer, days: 400);

    private long Now => replay.Time.GetUtcNow().ToUnixTimeSeconds();

    private long LeaseExpiry => Now + (long)LeaseDuration.TotalSeconds;

    private async Task ReplayAsync(Writer writer, int? days)
    {
        await using var begun = replay = Replay.Begin(Redis, writer, days);

        await replay.StepAsync("Enqueue e1", _ => EnqueueAsync(Message("e1")));
        await replay.StepAsync("EnqueueUnique e2, ttl 1h", _ => EnqueueAsync(
            Unique(Message("e2")), lockLifetime: TimeSpan.FromHours(1)));
        await replay.StepAsync("Schedule s1 at 09:00:00.999999999", _ => EnqueueAsync(
            Message("s1"), processAt: DateTimeOffset.FromUnixTimeSeconds(Now + 3600).AddTicks(9_999_999)));
        await replay.StepAsync("AddToGroup g1", _ => EnqueueAsync(Grouped(Message("g1"))));
        await replay.StepAsync("Dequeue: e1", _ => TakeAsync("e1"));
        await replay.StepAsync("Dequeue: e2", _ => TakeAsync("e2"));
        await replay.StepAsync("ExtendLease e1", async _ => Assert.That(
            await replay.Store.ExtendLeaseAsync("q", [new TaskLease("q", "e1", LeaseExpiry)], LeaseExpiry), Is.Empty));
        await replay.StepAsync("Retry e1 at 09:00", _ => FinishAsync(
            "e1", TaskOutcome.Retry, message => Failed(message, "some error").Retried++, Now + 3600));
        await replay.StepAsync("Done e2", _ => FinishAsync("e2", TaskOutcome.Done));
        await replay.StepAsync("Done e2 again", _ => FinishAsync("e2", TaskOutcome.Done, isLost: true));
        await FinishRestAsync();
        await WriteServersAsync(writer);

        replay.Complete();
    }

    private async Task FinishRestAsync()
    {
        await replay.StepAsync("Enqueue e3 (retention 60)", _ => EnqueueAsync(Retained(Message("e3"))));
        await replay.StepAsync("Dequeue: e3", _ => TakeAsync("e3"));
        await replay.StepAsync("WriteResult e3", async _ => Assert.That(
            await replay.Store.WriteResultAsync(new TaskLease("q", "e3", LeaseExpiry), "res"u8.ToArray()), Is.True));
        await replay.StepAsync("MarkAsComplete e3", _ => FinishAsync(
            "e3", TaskOutcome.Completed, message => message.CompletedAt = Now, Now + 60));
        await replay.StepAsync("Enqueue e4", _ => EnqueueAsync(Message("e4")));
        await replay.StepAsync("Dequeue: e4", _ => TakeAsync("e4"));
        await replay.StepAsync("Requeue e4", _ => FinishAsync("e4", TaskOutcome.Requeued));
        await replay.StepAsync("Dequeue: e4", _ => TakeAsync("e4"));
        await replay.StepAsync("Archive e4", _ => FinishAsync(
            "e4", TaskOutcome.Archived, message => Failed(message, "dead"), Now));
    }

    private async Task WriteServersAsync(Writer writer)
    {
        await replay.StepAsync("WriteServerState with one worker, ttl 10s", _ => replay.Store.WriteServerStateAsync(
            ServerState(), TimeSpan.FromSeconds(10)));
        await replay.StepAsync("WriteSchedulerEntries, ttl 20s", _ => replay.SchedulerBroker.WriteEntriesAsync(
            Scheduler, SchedulerEntries(), TimeSpan.FromSeconds(20)));
        var history = Deliberate.HistoryExpires("entry-1");
        await replay.StepAsync(
            "RecordSchedulerEnqueueEvent",
            _ => replay.SchedulerBroker.RecordEventAsync("entry-1", new SchedulerEnqueueEvent
            {
                TaskId = "task-1", EnqueueTime = LastNanosecond(Now + 3600),
            }),
            history);

        // Where Go's keys are restored before each step, nothing of that is left.
        var left = writer == Writer.Mirai ? history : null;
        await replay.StepAsync("Pause q", _ => replay.Inspector.PauseQueueAsync("q"), left);
        await replay.StepAsync("ClearServerState", _ => replay.Store.ClearServerStateAsync(ServerState().Server), left);
        await replay.StepAsync(
            "ClearSchedulerEntries", _ => replay.SchedulerBroker.ClearEntriesAsync(Scheduler), left);
    }

    private async Task EnqueueAsync(
        TaskMessage message, DateTimeOffset? processAt = null, TimeSpan lockLifetime = default)
    {
        var task = new NewTask(message, hasOwnId: true, processAt, lockLifetime);
        await replay.Store.EnqueueAsync(task.Route, [task]);
        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));
    }

    private async Task TakeAsync(string id)
    {
        var tasks = (await replay.Store.TakeAsync("q", 1, LeaseExpiry, false)).Tasks;
        Assert.That(tasks.Select(task => task.Id), Is.EqualTo(new[] { id }));
        taken[id] = tasks[0].Message!;
    }

    private async Task FinishAsync(
        string id, TaskOutcome outcome, Action<TaskMessage>? change = null, long score = 0, bool isLost = false)
    {
        var message = taken[id];
        change?.Invoke(message);
        var bytes = change is null ? default(ReadOnlyMemory<byte>) : message.ToByteArray();
        var released = message.UniqueKey.Length > 0 ? message.UniqueKey : null;
        var finished = new FinishedTask(new TaskLease("q", id, LeaseExpiry), outcome, bytes, score, released);

        var lost = await replay.Store.FinishAsync("q", [finished]);
        Assert.That(lost, Has.Count.EqualTo(isLost ? 1 : 0));
    }

    private TaskMessage Failed(TaskMessage message, string error)
    {
        message.ErrorMsg = error;
        message.LastFailedAt = Now;

        return message;
    }

    private ServerState ServerState()
    {
        var started = new Timestamp { Seconds = Now - 60, Nanos = 5 };
        var server = new ServerInfo
        {
            Host = "host", Pid = 1234, ServerId = "sid", Concurrency = 10, Queues = { ["q"] = 1 }, Status = "active",
            StartTime = started, ActiveWorkerCount = 1,
        };
        var worker = new WorkerInfo
        {
            Host = "host", Pid = 1234, ServerId = "sid", TaskId = "e9", TaskType = "type:e9",
            TaskPayload = ByteString.CopyFromUtf8("p"), Queue = "q", StartTime = started,
            Deadline = new Timestamp { Seconds = Now + 3600, Nanos = 999_999_999 },
        };

        return new ServerState(server, IsWhole: true, [], [worker]);
    }

    private SchedulerEntry[] SchedulerEntries() =>
    [
        new()
        {
            Id = "entry-1", Spec = "@every 30s", TaskType = "t", TaskPayload = ByteString.CopyFromUtf8("p"),
            EnqueueOptions = { "Queue(\"low\")", "MaxRetry(5)" },
            NextEnqueueTime = LastNanosecond(Now + 3600),
            PrevEnqueueTime = Timestamp.FromDateTimeOffset(DateTimeOffset.MinValue),
        },
        new()
        {
            Id = "entry-2", Spec = "* * * * *", TaskType = "t2",
            NextEnqueueTime = LastNanosecond(Now + 3600), PrevEnqueueTime = LastNanosecond(Now + 3540),
        },
    ];

    private static Timestamp LastNanosecond(long second) => new() { Seconds = second, Nanos = 999_999_999 };

    private static TaskMessage Message(string id) => new()
    {
        Type = $"type:{id}",
        Payload = ByteString.CopyFromUtf8($$"""{"id":"{{id}}"}"""),
        Id = id,
        Queue = "q",
        Retry = 25,
        Timeout = 1800,
    };

    private static TaskMessage Unique(TaskMessage message)
    {
        message.UniqueKey = UniqueKey.For("q", message.Type, message.Payload.Memory);
        return message;
    }

    private static TaskMessage Grouped(TaskMessage message)
    {
        message.GroupKey = "grp";
        return message;
    }

    private static TaskMessage Retained(TaskMessage message)
    {
        message.Retention = 60;
        return message;
    }
}
