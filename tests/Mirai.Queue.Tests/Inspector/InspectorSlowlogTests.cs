using System.ComponentModel;
using System.Diagnostics;
using Mirai.Local.Redis;
using Mirai.Queue.Inspector;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Store;
using Mirai.Testing;
using StackExchange.Redis;
using static Mirai.Queue.TaskSelection;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>No operation of the inspector keeps Redis busy for long, however much a queue holds. Redis itself tells:
/// its slow log has every command that took 10 ms or more.</summary>
/// <remarks>The slow log goes by the clock on the wall, and on a busy machine any command may be interrupted for that
/// long. So Redis goes before other processes where that is allowed, and a command counts as slow only if it was in
/// every round: one that is slow by itself always is.</remarks>
[NonParallelizable] // it measures time
internal sealed class InspectorSlowlogTests : StoreTest
{
    private const int Tasks = 100_000;
    private const int Rounds = 4;

    private IDatabase redis = null!;
    private RedisStore store = null!;
    private QueueInspector inspector = null!;

    [Test]
    [RequiresRedisServer]
    public async Task Operations_AreNeverSlow_WithAHundredThousandTasks()
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(
            RedisServerProcess.FindExecutable()!, "--slowlog-log-slower-than", "10000", "--slowlog-max-len", "10000");
        Hurry(server);
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
        redis = multiplexer.GetDatabase();
        var connection = new RedisConnection(
            () => Task.FromResult<IConnectionMultiplexer>(multiplexer), isOwned: false);

        HashSet<string>? slow = null;
        for (var round = 0; round < Rounds && slow is not { Count: 0 }; round++)
        {
            await redis.ExecuteAsync("FLUSHDB");
            store = new RedisStore(connection, Time); // one that does not know the queue yet
            inspector = new QueueInspector(connection, store, Time);
            var now = await RunAllAsync(multiplexer.GetServers()[0]);
            slow = [.. now.Where(command => slow?.Contains(command) ?? true)];
        }

        Assert.That(slow, Is.Empty);
    }

    private static void Hurry(RedisServerProcess server)
    {
        using var process = Process.GetProcessById(server.ProcessId);
        try
        {
            process.PriorityClass = ProcessPriorityClass.RealTime;
        }
        catch (Win32Exception)
        {
            // Only for root; the rounds must do.
        }
    }

    private async Task<HashSet<string>> RunAllAsync(IServer server)
    {
        var slow = new HashSet<string>();
        foreach (var (name, isMeasured, run) in Operations())
        {
            await server.SlowlogResetAsync();
            await run();
            if (isMeasured)
            {
                var commands = await server.SlowlogGetAsync(Tasks);
                slow.UnionWith(commands.Select(command => $"{name}: {command.Arguments[0]} {command.Arguments[1]}"));
            }
        }

        return slow;
    }

    private IEnumerable<(string Name, bool IsMeasured, Func<Task> Run)> Operations() =>
    [
        ("", false, () => EnqueueAsync(i => new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1 + (i % 7)) })),
        .. Measured(TaskState.Scheduled),
        ("update payloads", true, () => inspector.UpdatePayloadsAsync(
            InState("mail", TaskState.Scheduled), _ => "{\"new\":1}"u8.ToArray())),
        ("reschedule all", true, () => inspector.RescheduleTasksAsync(
            InState("mail", TaskState.Scheduled), Time.GetUtcNow().AddHours(2))),
        ("delete matching scheduled", true, () => inspector.DeleteTasksAsync(
            InState("mail", TaskState.Scheduled, new TaskFilter { Type = "rare" }))),
        ("run all", true, () => inspector.RunTasksAsync(InState("mail", TaskState.Scheduled))),
        .. Measured(TaskState.Pending),
        ("delete matching pending", true, () => inspector.DeleteTasksAsync(
            InState("mail", TaskState.Pending, new TaskFilter { Type = "type1" }))),
        ("archive matching pending", true, () => inspector.ArchiveTasksAsync(
            InState("mail", TaskState.Pending, new TaskFilter { Type = "type2" }))),
        ("archive one pending", true, () => inspector.ArchiveTasksAsync(One("mail", "t99000"))),
        ("delete one pending", true, () => inspector.DeleteTasksAsync(One("mail", "t50000"))),
        ("archive all pending", true, () => inspector.ArchiveTasksAsync(InState("mail", TaskState.Pending))),
        ("run all archived", true, () => inspector.RunTasksAsync(InState("mail", TaskState.Archived))),
        ("", false, () => EnqueueAsync(_ => new EnqueueOptions { TaskId = Guid.NewGuid().ToString() })),
        ("delete all pending", true, () => inspector.DeleteTasksAsync(InState("mail", TaskState.Pending))),
        ("", false, () => EnqueueAsync(i => new EnqueueOptions { Group = i % 2 == 0 ? "large" : $"group{i}" })),
        ("look at many groups", true, async () =>
        {
            await inspector.FindQueueAsync("mail");
            await inspector.ListGroupsAsync("mail");
            await inspector.ListTasksAsync(InGroup("mail", "large"), new Paging { Size = Paging.MaxSize, Number = 3 });
        }),
        ("run group", true, () => inspector.RunTasksAsync(InGroup("mail", "large"))),
        ("delete queue", true, () => inspector.DeleteQueueAsync("mail", force: true)),
    ];

    private IEnumerable<(string Name, bool IsMeasured, Func<Task> Run)> Measured(TaskState state) =>
    [
        ($"find queue with {state}", true, () => inspector.FindQueueAsync("mail")),
        ($"list first {state}", true, () => inspector.ListTasksAsync(InState("mail", state))),
        ($"list large page of {state}", true, () =>
            inspector.ListTasksAsync(InState("mail", state), new Paging { Size = Paging.MaxSize, Number = 5 })),
        ($"find one {state}", true, () => inspector.FindTaskAsync("mail", "t50000")),
        ($"search {state}", true, () => SearchAsync(InState("mail", state, new TaskFilter { Error = "nothing" }))),
    ];

    private async Task SearchAsync(TaskSelection selection)
    {
        string? cursor = null;
        do
        {
            var page = await inspector.ListTasksAsync(selection, new Paging { Size = 1_000, Cursor = cursor });
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private async Task EnqueueAsync(Func<int, EnqueueOptions> options)
    {
        foreach (var chunk in Enumerable.Range(0, Tasks).Chunk(500))
        {
            var tasks = chunk.Select(
                i => NewTask($"t{i}", options(i), type: i % 1_000 == 7 ? "rare" : $"type{i % 4}"));
            foreach (var route in tasks.GroupBy(task => task.Route))
            {
                await store.EnqueueAsync(route.Key, [.. route]);
            }
        }
    }
}
