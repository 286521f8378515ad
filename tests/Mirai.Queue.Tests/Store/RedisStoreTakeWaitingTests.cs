using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Store;

/// <summary>Tasks that their worker put off, and takes back before they are due.</summary>
internal sealed class RedisStoreTakeWaitingTests : StoreTest
{
    [Test]
    public async Task TakeWaiting_MovesTasksBackWithALease()
    {
        await PutOffAsync("a", "b", "c");

        var taken = await Store.TakeWaitingAsync("mail", [new("a", Now + 5), new("b", Now + 5)], Now + 31);

        Assert.That(taken.Tasks.Select(task => task.Message!.Id), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("a", Now + 31d), ("b", Now + 31d) }));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("c", Now + 5d) }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "active" }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task TakeWaiting_PassesOver_WhatHasMovedOnOrWasGivenAnotherTime()
    {
        await PutOffAsync("forwarded", "rescheduled", "deleted");
        await Redis.SortedSetRemoveAsync("asynq:{mail}:retry", "forwarded");
        await Redis.HashSetAsync("asynq:{mail}:t:forwarded", "state", "pending");
        await Redis.ListLeftPushAsync("asynq:{mail}:pending", "forwarded");
        await Redis.SortedSetAddAsync("asynq:{mail}:retry", "rescheduled", Now + 99);
        await Redis.SortedSetRemoveAsync("asynq:{mail}:retry", "deleted");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:deleted");
        var before = await DumpAsync();

        var taken = await Store.TakeWaitingAsync(
            "mail", [new("forwarded", Now + 5), new("rescheduled", Now + 5), new("deleted", Now + 5)], Now + 31);

        Assert.That((taken.Tasks.Count, taken.Ghosts), Is.EqualTo((0, 0L)));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task TakeWaiting_DropsGhosts()
    {
        await PutOffAsync("a");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:a");

        var taken = await Store.TakeWaitingAsync("mail", [new("a", Now + 5)], Now + 31);

        Assert.That((taken.Tasks.Count, taken.Ghosts), Is.EqualTo((0, 1L)));
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task TakeWaiting_TakesNothing_WhileTheQueueIsPaused()
    {
        await PutOffAsync("a");
        await Redis.StringSetAsync("asynq:{mail}:paused", Now);

        var taken = await Store.TakeWaitingAsync("mail", [new("a", Now + 5)], Now + 31);

        Assert.That(taken.Tasks, Is.Empty);
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 5d) }));
    }

    [Test]
    public async Task TakeWaiting_StopsAtTheBytesOfOneReply()
    {
        await EnqueueAsync(
            [.. new[] { "a", "b", "c" }.Select(id => NewTask(id, payload: new string('x', 3 * 1024 * 1024)))]);
        await Store.TakeAsync("mail", 3, Now + 30, withPendingSince: false);
        await Store.TakeAsync("mail", 3, Now + 30, withPendingSince: false);
        await PutOffTakenAsync("a", "b", "c");

        var taken = await Store.TakeWaitingAsync(
            "mail", [new("a", Now + 5), new("b", Now + 5), new("c", Now + 5)], Now + 31);

        Assert.That(taken.Tasks.Select(task => task.Id), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("c", Now + 5d) }));
    }

    [Test]
    public async Task ListQueues_TellsAllNames()
    {
        await Redis.SetAddAsync("asynq:queues", ["mail", "tenant:1"]);

        Assert.That(await Store.ListQueuesAsync(), Is.EquivalentTo(new[] { "mail", "tenant:1" }));
    }

    private async Task PutOffAsync(params string[] ids)
    {
        await TakeNewAsync(ids);
        await PutOffTakenAsync(ids);
    }

    private async Task PutOffTakenAsync(params string[] ids) => await Store.FinishAsync(
        "mail", [.. ids.Select(id => new FinishedTask(Lease(id), TaskOutcome.RetryUncounted, Score: Now + 5))]);
}
