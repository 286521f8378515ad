using System.Text;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

internal sealed class LegacyInspectorActionTests : LegacyTest
{
    [TestCase("asynq:scheduled")]
    [TestCase("asynq:retry")]
    [TestCase("asynq:dead")]
    public async Task RunTask_PutsItBehindAllThatWait_ByteForByte(string key)
    {
        var waiting = await EnqueueAsync();
        await AddAsync(key, Message(1), Now + 5);

        await Inspector.RunTasksAsync(One(Id(1)));

        Assert.That(await ListAsync("asynq:queues:mail"), Is.EqualTo(new[] { Id(1), waiting }));
        Assert.That((await Redis.ListGetByIndexAsync("asynq:queues:mail", 0)).ToString(), Is.EqualTo(Message(1)));
        Assert.That(await Redis.KeyExistsAsync(key), Is.False);
    }

    [Test]
    public async Task ArchiveTask_KillsItNow_AndKeepsItsLock()
    {
        var pending = await EnqueueAsync(new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) });
        await AddAsync("asynq:retry", Message(1), Now + 5);

        await Inspector.ArchiveTasksAsync(One(pending));
        await Inspector.ArchiveTasksAsync(One(Id(1)));

        Assert.That(await SetAsync("asynq:dead"), Is.EquivalentTo(new[] { (pending, (double)Now), (Id(1), Now) }));
        Assert.That((await Redis.StringGetAsync("mail:send:n=1:mail")).ToString(), Is.EqualTo(pending));
        Assert.That(await Redis.KeyExistsAsync("asynq:queues:mail"), Is.False);
    }

    [Test]
    public async Task DeleteTask_GivesItsLockBack_UnlessAnotherHoldsIt()
    {
        var owner = await EnqueueAsync(new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) });
        await AddAsync("asynq:dead", Message(1, lockKey: "mail:send:n=1:mail"), Now - 5);

        await Inspector.DeleteTasksAsync(One(Id(1)));
        Assert.That(await Redis.KeyExistsAsync("mail:send:n=1:mail"), Is.True, "that of another task");

        await Inspector.DeleteTasksAsync(One(owner));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.EquivalentTo(new[] { "asynq:queues", "asynq:enqueued" }));
    }

    [Test]
    public async Task RescheduleTask_MovesItsDueTime_AndLengthensItsLock()
    {
        var id = await EnqueueAsync(
            new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(60), UniqueFor = TimeSpan.FromSeconds(600) });
        var before = await Redis.KeyTimeToLiveAsync("mail:send:n=1:mail");

        await Inspector.RescheduleTasksAsync(One(id), DateTimeOffset.FromUnixTimeSeconds(Now + 1_060));

        Assert.That(await SetAsync("asynq:scheduled"), Is.EqualTo(new[] { (id, Now + 1_060d) }));
        var longer = await Redis.KeyTimeToLiveAsync("mail:send:n=1:mail") - before;
        Assert.That(longer!.Value.TotalSeconds, Is.EqualTo(1_000).Within(30));
    }

    [Test]
    public async Task UpdateTaskPayload_WritesWhatGoWouldWrite()
    {
        await AddAsync("asynq:scheduled", Message(1), Now + 5);
        await EnqueueAsync();

        await Inspector.UpdatePayloadsAsync(One(Id(1)), _ => Encoding.UTF8.GetBytes("{ \"z\": \"<é>\", \"a\": 1 }"));

        Assert.That(
            (await Redis.SortedSetRangeByRankAsync("asynq:scheduled")).Single().ToString(),
            Is.EqualTo(
                Message(1).Replace("{\"n\":1}", "{\"a\":1,\"z\":\"\\u003cé\\u003e\"}", StringComparison.Ordinal)));
        var thrown = await Assert.ThrowsAsync<LayoutNotSupportedException>(
            () => Inspector.UpdatePayloadsAsync(One(Id(1)), _ => "text"u8.ToArray()));
        Assert.That(thrown.Message, Does.Contain("Payload").And.Contain("RedisLayout.Legacy"));
    }

    [Test]
    public async Task Actions_NameTheState_ThatForbidsThem()
    {
        var active = await EnqueueAsync();
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);
        var pending = await EnqueueAsync();
        await AddAsync("asynq:dead", Message(1), Now - 5);
        (Func<Task> Act, TaskState State)[] wrong =
        [
            (() => Inspector.RunTasksAsync(One(pending)), TaskState.Pending),
            (() => Inspector.RunTasksAsync(One(active)), TaskState.Active),
            (() => Inspector.ArchiveTasksAsync(One(Id(1))), TaskState.Archived),
            (() => Inspector.ArchiveTasksAsync(One(active)), TaskState.Active),
            (() => Inspector.DeleteTasksAsync(One(active)), TaskState.Active),
            (() => Inspector.RescheduleTasksAsync(One(pending), Time.GetUtcNow()), TaskState.Pending),
            (() => Inspector.UpdatePayloadsAsync(One(Id(1)), _ => "{}"u8.ToArray()), TaskState.Archived),
        ];
        var before = await RedisDump.AllAsync(Redis);

        foreach (var (act, state) in wrong)
        {
            Assert.That((await Assert.ThrowsAsync<TaskStateException>(() => act())).State, Is.EqualTo(state));
        }

        await Assert.ThrowsAsync<TaskNotFoundException>(() => Inspector.RunTasksAsync(One(Id(7))));
        await Assert.ThrowsAsync<QueueNotFoundException>(
            () => Inspector.RunTasksAsync(TaskSelection.One("none", Id(1))));
        Assert.That(await RedisDump.AllAsync(Redis), Is.EqualTo(before));
    }

    [Test]
    public async Task DeleteQueue_DeletesItsTasksOnly_AndItsPause()
    {
        await EnqueueAsync(new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) });
        await EnqueueInAsync(60);
        await AddAsync("asynq:retry", Message(1), Now + 5);
        await AddAsync("asynq:dead", Message(2), Now - 5);
        await AddAsync("asynq:dead", Message(3, "low"), Now - 5);
        await EnqueueInAsync(60, "low");
        await Inspector.PauseQueueAsync("mail");

        Assert.That(
            (await Assert.ThrowsAsync<QueueNotEmptyException>(() => Inspector.DeleteQueueAsync("mail"))).HasActiveTasks,
            Is.False);
        await Inspector.DeleteQueueAsync("mail", force: true);

        Assert.That(await Inspector.ListQueuesAsync(), Is.EqualTo(new[] { "low" }));
        Assert.That(await SetAsync("asynq:dead"), Is.EqualTo(new[] { (Id(3), Now - 5d) }));
        Assert.That(
            await RedisDump.KeysAsync(Redis),
            Is.EquivalentTo(new[] { "asynq:queues", "asynq:enqueued", "asynq:scheduled", "asynq:dead" }));
    }

    [Test]
    public async Task DeleteQueue_Refuses_WhileItsTasksRun()
    {
        await EnqueueAsync();
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);

        var thrown = await Assert.ThrowsAsync<QueueNotEmptyException>(
            () => Inspector.DeleteQueueAsync("mail", force: true));

        Assert.That(thrown.HasActiveTasks, Is.True);
    }
}
