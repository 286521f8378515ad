using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorProcessTests : InspectorTest
{
    private static readonly Timestamp Start = Timestamp.FromDateTimeOffset(
        DateTimeOffset.FromUnixTimeSeconds(Now - 5));
    private static readonly Timestamp Never = new() { Seconds = -62_135_596_800 };

    [Test]
    public async Task ListServers_TellsWhatEachRuns()
    {
        await Store.WriteServerStateAsync(
            new ServerState(Server("two", 7), IsWhole: true, [], [Worker("two", "t1", Never)]), TimeSpan.FromSeconds(10));
        await Store.WriteServerStateAsync(new ServerState(Server("one", 3), IsWhole: true, [], []), TimeSpan.FromSeconds(10));

        var servers = await Inspector.ListServersAsync();

        Assert.That(servers.Select(server => server.Id), Is.EqualTo(new[] { "one", "two" }));
        var server = servers[1];
        Assert.That(
            (server.Host, server.ProcessId, server.Concurrency, server.StrictPriority, server.Status, server.Started),
            Is.EqualTo(("host", 7, 10, true, "active", DateTimeOffset.FromUnixTimeSeconds(Now - 5))));
        Assert.That(server.Queues, Is.EqualTo(new Dictionary<string, int> { ["mail"] = 6 }));
        var task = server.ActiveTasks.Single();
        Assert.That(
            (task.TaskId, task.Type, task.Queue, task.Started, task.Deadline),
            Is.EqualTo(
                ("t1", "mail:send", "mail", DateTimeOffset.FromUnixTimeSeconds(Now - 5), (DateTimeOffset?)null)));
        Assert.That(task.Payload, Is.Null);
    }

    [Test]
    public async Task ListServers_ForgetsThoseThatDied()
    {
        await Store.WriteServerStateAsync(new ServerState(Server("one", 3), IsWhole: true, [], []), TimeSpan.FromSeconds(10));

        Time.Advance(TimeSpan.FromSeconds(11));

        Assert.That(await Inspector.ListServersAsync(), Is.Empty);
        Assert.That(await Redis.KeyExistsAsync("asynq:servers"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:workers"), Is.False);
    }

    [Test]
    public async Task ListServers_LeavesOutWhatCannotBeRead()
    {
        await Redis.SortedSetAddAsync(
            "asynq:servers", [new("asynq:servers:{gone}", Now), new("asynq:servers:{broken}", Now)]);
        await Redis.StringSetAsync("asynq:servers:{broken}", "\xff");

        Assert.That(await Inspector.ListServersAsync(), Is.Empty);
    }

    [Test]
    public async Task ListSchedulerEntries_TellsThemAsTheyAreStored()
    {
        var entry = new SchedulerEntry
        {
            Id = "e1", Spec = "@every 5s", TaskType = "poll", EnqueueOptions = { "Queue(\"mail\")", "MaxRetry(3)" },
            NextEnqueueTime = Start, PrevEnqueueTime = Never,
        };
        await Redis.SortedSetAddAsync(
            "asynq:schedulers", [new("asynq:schedulers:{host:1:x}", Now), new("asynq:schedulers:{dead}", Now - 1)]);
        await Redis.ListRightPushAsync("asynq:schedulers:{host:1:x}", [entry.ToByteArray(), "\xff"]);

        var entries = await Inspector.ListSchedulerEntriesAsync();

        var told = entries.Single();
        Assert.That(
            (told.Id, told.Spec, told.Type, told.Next, told.Previous),
            Is.EqualTo(("e1", "@every 5s", "poll", (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now - 5), (DateTimeOffset?)null)));
        Assert.That(told.Options, Is.EqualTo(new[] { "Queue(\"mail\")", "MaxRetry(3)" }));
        Assert.That(told.Payload, Is.Null);
        Assert.That(await Redis.SortedSetLengthAsync("asynq:schedulers"), Is.EqualTo(1));
    }

    [Test]
    public async Task ListSchedulerEvents_TellsTheNewestFirst_InPages()
    {
        for (var i = 0; i < 5; i++)
        {
            var done = new SchedulerEnqueueEvent
            {
                TaskId = $"t{i}", EnqueueTime = Timestamp.FromDateTimeOffset(
                    DateTimeOffset.FromUnixTimeSeconds(Now + i)),
            };
            await Redis.SortedSetAddAsync("asynq:scheduler_history:e1", done.ToByteArray(), Now + i);
        }

        var page = await Inspector.ListSchedulerEventsAsync("e1", new Paging { Size = 2, Number = 2 });

        Assert.That(page, Is.EqualTo(new[]
        {
            new SchedulerEventInfo("t2", DateTimeOffset.FromUnixTimeSeconds(Now + 2)),
            new SchedulerEventInfo("t1", DateTimeOffset.FromUnixTimeSeconds(Now + 1)),
        }).UsingPropertiesComparer());
        Assert.That(await Inspector.ListSchedulerEventsAsync("nobody"), Is.Empty);
    }

    private static ServerInfo Server(string id, int pid) => new()
    {
        Host = "host", Pid = pid, ServerId = id, Concurrency = 10, StrictPriority = true, Status = "active",
        StartTime = Start,
        Queues = { ["mail"] = 6 },
    };

    private static WorkerInfo Worker(string serverId, string taskId, Timestamp deadline) => new()
    {
        Host = "host", Pid = 7, ServerId = serverId, TaskId = taskId, TaskType = "mail:send", Queue = "mail",
        StartTime = Start,
        Deadline = deadline,
    };
}
