using System.Text;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy.Tests;

internal sealed class LegacyInspectorTests : LegacyTest
{
    [Test]
    public async Task Queues_AreListed_WithWhatEachHolds()
    {
        await EnqueueAsync();
        await EnqueueAsync();
        await EnqueueInAsync(60, "low");
        await AddAsync("asynq:retry", Message(1), Now + 5);
        await AddAsync("asynq:dead", Message(2, "low"), Now - 5);
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);
        await Redis.StringSetAsync("asynq:processed:2096-10-02", 7);
        await Redis.StringSetAsync("asynq:failure:2096-10-02", 3);
        await Inspector.PauseQueueAsync("low");

        var mail = (await Inspector.FindQueueAsync("mail"))!;
        var low = (await Inspector.FindQueueAsync("low"))!;

        Assert.That(await Inspector.ListQueuesAsync(), Is.EqualTo(new[] { "low", "mail" }));
        Assert.That(
            (mail.Pending, mail.Active, mail.Scheduled, mail.Retry, mail.Archived, mail.Size, mail.IsPaused),
            Is.EqualTo((1, 1, 0, 1, 0, 3, false)));
        Assert.That(
            (low.Pending, low.Active, low.Scheduled, low.Retry, low.Archived, low.Size, low.IsPaused),
            Is.EqualTo((0, 0, 1, 0, 1, 2, true)));
        Assert.That((mail.Processed, mail.Failed, low.Processed), Is.EqualTo((7, 3, 7)), "of all queues together");
        Assert.That(mail.MemoryUsage, Is.InRange(3 * 150, 3 * 1_000));
        Assert.That(await Inspector.FindQueueAsync("none"), Is.Null);
    }

    [Test]
    public async Task FindQueue_Estimates_WhenASetIsLarge()
    {
        await EnqueueAsync();
        await Redis.SortedSetAddAsync(
            "asynq:scheduled",
            [.. Enumerable.Range(0, 12_000)
                .Select(i => new SortedSetEntry(Message(i, i % 2 == 0 ? "mail" : "low"), Now + i))]);

        Assert.That((await Inspector.FindQueueAsync("mail"))!.Scheduled, Is.EqualTo(6_000));
    }

    [Test]
    public async Task ListHistory_GivesTheCountersOfAllQueues_DayByDay()
    {
        await EnqueueAsync();
        await Redis.StringSetAsync("asynq:processed:2096-10-01", 5);
        await Redis.StringSetAsync("asynq:failure:2096-10-01", 2);

        Assert.That(await Inspector.ListHistoryAsync("mail", 2), Is.EqualTo(new[]
        {
            new QueueDay(new DateOnly(2096, 10, 2), 0, 0), new QueueDay(new DateOnly(2096, 10, 1), 5, 2),
        }).UsingPropertiesComparer());
    }

    [Test]
    public async Task PauseAndResume_TellWhetherTheyChangedSomething()
    {
        bool[] told =
        [
            await Inspector.PauseQueueAsync("Mail"), await Inspector.PauseQueueAsync("mail"),
            await Redis.SetContainsAsync("asynq:paused", "asynq:queues:mail"),
            await Inspector.ResumeQueueAsync("mail"), await Inspector.ResumeQueueAsync("mail"),
        ];

        Assert.That(told, Is.EqualTo(new[] { true, false, true, true, false }));
    }

    [Test]
    public async Task ListTasks_GivesThoseOfTheQueue_PageByPage()
    {
        string[] pending = [await EnqueueAsync(), await EnqueueAsync(), await EnqueueAsync()];
        for (var i = 1; i <= 6; i++)
        {
            await AddAsync("asynq:scheduled", Message(i, i % 2 == 0 ? "mail" : "low"), Now + i);
        }

        await AddAsync("asynq:dead", Message(9), Now - 9);
        var second = new Paging { Number = 2, Size = 2 };

        Assert.That(await IdsAsync(TaskState.Pending), Is.EqualTo(pending));
        Assert.That(await IdsAsync(TaskState.Pending, second), Is.EqualTo(pending[2..]));
        Assert.That(await IdsAsync(TaskState.Scheduled), Is.EqualTo(new[] { Id(2), Id(4), Id(6) }));
        Assert.That(await IdsAsync(TaskState.Scheduled, second), Is.EqualTo(new[] { Id(6) }));
        Assert.That(await IdsAsync(TaskState.Completed), Is.Empty);
        Assert.That(await Inspector.ListGroupsAsync("mail"), Is.Empty);
        var dead = (await Inspector.ListTasksAsync(In(TaskState.Archived))).Single();
        Assert.That(
            (dead.Id, dead.State, dead.Retried, dead.LastError, dead.LastFailedAt, Encoding.UTF8.GetString(dead.Payload!.Value.Span)),
            Is.EqualTo(
                (Id(9), TaskState.Archived, 2, "boom", DateTimeOffset.FromUnixTimeSeconds(Now - 9), "{\"n\":9}")));
        await Assert.ThrowsAsync<QueueNotFoundException>(
            () => Inspector.ListTasksAsync(TaskSelection.InState("none", TaskState.Pending)));
    }

    [Test]
    public async Task FindTask_FindsItWhereverItIs()
    {
        var active = await EnqueueAsync();
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);
        var pending = await EnqueueAsync();
        var scheduled = await EnqueueInAsync(60);
        await AddAsync("asynq:retry", Message(1), Now + 5);
        await AddAsync("asynq:dead", Message(2), Now - 5);
        string[] ids = [active, pending, scheduled, Id(1), Id(2)];

        var found = await Task.WhenAll(ids.Select(id => Inspector.FindTaskAsync("mail", id)));

        Assert.That(found.Select(task => (task!.Id, task.State)), Is.EqualTo(ids.Zip(new[]
        {
            TaskState.Active, TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Archived,
        })));
        Assert.That(found[2]!.NextProcessAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(Now + 60)));
        Assert.That(await Inspector.FindTaskAsync("low", pending), Is.Null);
        Assert.That(await Inspector.FindTaskAsync("mail", "no-uuid"), Is.Null);
        Assert.That(await Inspector.FindTaskAsync("mail", Id(8)), Is.Null);
    }

    [Test]
    public async Task ListServers_ReadsWhatGoWrote()
    {
        const string Server = """{"Host":"vm","PID":9000,"ServerID":"0cb1","Concurrency":4,"Queues":{"default":3,"low":1},"StrictPriority":false,"Status":"running","Started":"2026-11-22T20:54:09.796546571+02:00","ActiveWorkerCount":1}""";
        const string Worker = """{"Host":"vm","PID":9000,"ID":"f303baaa-c111-44a7-a0c3-77eb76e8c3d9","Type":"slow","Queue":"default","Payload":{"n": 1},"Started":"2026-11-22T20:54:09.797422532Z"}""";
        await Redis.SortedSetAddAsync("asynq:servers", "asynq:servers:vm:9000:0cb1", Now + 10);
        await Redis.SortedSetAddAsync("asynq:servers", "asynq:servers:vm:9001:dead", Now - 1);
        await Redis.StringSetAsync("asynq:servers:vm:9000:0cb1", Server);
        await Redis.HashSetAsync("asynq:workers:vm:9000:0cb1", "f303baaa-c111-44a7-a0c3-77eb76e8c3d9", Worker);
        await Redis.HashSetAsync("asynq:workers:vm:9000:0cb1", "other", "garbage");

        var server = (await Inspector.ListServersAsync()).Single();

        Assert.That(
            (server.Id, server.Host, server.ProcessId, server.Concurrency, server.Status, server.Queues["default"]),
            Is.EqualTo(("0cb1", "vm", 9000, 4, "active", 3)));
        Assert.That(server.Started.ToString("O"), Does.StartWith("2026-11-22T18:54:09.7965465"));
        var task = server.ActiveTasks.Single();
        Assert.That(
            (task.TaskId, task.Type, task.Queue, Encoding.UTF8.GetString(task.Payload!.Value.Span), task.Deadline),
            Is.EqualTo(
                ("f303baaa-c111-44a7-a0c3-77eb76e8c3d9", "slow", "default", "{\"n\": 1}", (DateTimeOffset?)null)));
    }

    [Test]
    public async Task Cluster_IsNoPartOfTheLayout()
    {
        var thrown = Assert.Throws<NotSupportedException>(() => Inspector.GetClusterKeySlot("mail"));

        Assert.That(thrown.Message, Does.Contain("RedisLayout.Legacy"));
        Assert.That(await Inspector.ListClusterNodesAsync("mail"), Is.Empty);
    }

    private async Task<string[]> IdsAsync(TaskState state, Paging? paging = null) =>
        [.. (await Inspector.ListTasksAsync(In(state), paging)).Select(task => task.Id)];
}
