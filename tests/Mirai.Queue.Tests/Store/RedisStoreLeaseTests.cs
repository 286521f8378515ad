using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreLeaseTests : StoreTest
{
    [Test]
    public async Task ExtendLease_ReportsTask_WhenLeaseIsGone()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "running", Now + 5);

        var lost = await Store.ExtendLeaseAsync(
            "mail", [new("reclaimed", Now + 5), new("running", Now + 5)], Now + 30);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("running", Now + 30d) }));
    }

    [Test]
    public async Task ExtendLease_ReportsTask_WhenSomebodyElseRenewedIt()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "theirs", Now + 20);

        var lost = await Store.ExtendLeaseAsync("mail", [new("theirs", Now + 5)], Now + 30);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("theirs", Now + 20d) }));
    }

    [Test]
    public async Task ExtendLease_NeverShortens_WhenTheClockWentBack()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "running", Now + 30);

        var lost = await Store.ExtendLeaseAsync("mail", [new("running", Now + 30)], Now + 10);

        Assert.That(lost, Is.Empty);
        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("running", Now + 30d) }));
    }

    [Test]
    public async Task ListExpired_ReturnsOldestLeasesFirst_WhenSomeRanOut()
    {
        await TakeNewAsync("late", "later", "alive");
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:lease", [new("later", Now - 31), new("late", Now - 30), new("alive", Now - 29)]);

        var expired = await Store.ListExpiredAsync("mail", Now - 30, skip: 0, count: 10);
        var second = await Store.ListExpiredAsync("mail", Now - 30, skip: 1, count: 1);

        Assert.That(expired.Select(task => (task.TaskId, task.Lease, task.Message!.Id)), Is.EqualTo(
            new[] { ("later", Now - 31, "later"), ("late", Now - 30, "late") }));
        Assert.That(second.Select(task => task.TaskId), Is.EqualTo(new[] { "late" }));
    }

    [Test]
    public async Task ListExpired_TellsGhostFromUnreadable_WhenBothExpired()
    {
        await TakeNewAsync("ghost", "unreadable");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:unreadable", "msg", "\xff");

        var expired = await Store.ListExpiredAsync("mail", Now + 30, skip: 0, count: 10);

        Assert.That(expired.Select(task => (task.TaskId, task.IsGhost, task.Message)), Is.EquivalentTo(
            new[] { ("ghost", true, (TaskMessage?)null), ("unreadable", false, null) }));
    }

    [Test]
    public async Task DropGhosts_RemovesOnlyIdsWithoutTask_WhenTheirLeaseRanOut()
    {
        await TakeNewAsync("ghost", "task", "young");
        await Redis.KeyDeleteAsync(["asynq:{mail}:t:ghost", "asynq:{mail}:t:young"]);
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "young", Now + 99);

        var dropped = await Store.DropGhostsAsync("mail", Now + 30, ["ghost", "task", "young"]);

        Assert.That(dropped, Is.EqualTo(1));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "young", "task" }));
        Assert.That(
            (await ZSetAsync("asynq:{mail}:lease")).Select(entry => entry.Item1),
            Is.EqualTo(new[] { "task", "young" }));
    }

    [Test]
    public async Task ReturnUntracked_PutsBackOnlyWhatNobodyRenewed_WhenATakeGotLost()
    {
        await TakeNewAsync("lost1", "lost2", "own", "renewed");
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "renewed", Now + 35);

        var returned = await Store.ReturnUntrackedAsync("mail", Now + 30, count: 5, knownTaskIds: ["own"]);

        Assert.That(returned, Is.EqualTo(2));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "lost1", "lost2" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "renewed", "own" }));
        Assert.That((await FieldsAsync("lost1"))["state"], Is.EqualTo("pending"));
        Assert.That(await Redis.KeyExistsAsync($"asynq:{{mail}}:failed:{Today}"), Is.False, "no attempt is counted");
    }

    [Test]
    public async Task ReturnUntracked_ReturnsNoMoreThanWereTaken_WhenAnotherWorkerTookInTheSameSecond()
    {
        await TakeNewAsync("a", "b", "c");

        var returned = await Store.ReturnUntrackedAsync("mail", Now + 30, count: 2, knownTaskIds: []);

        Assert.That(returned, Is.EqualTo(2));
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:active"), Is.EqualTo(1));
    }

    [Test]
    public async Task WriteResult_StoresBytes_WhenTaskIsOwn()
    {
        await TakeNewAsync("a");

        var written = await Store.WriteResultAsync(Lease("a"), new byte[] { 1, 0, 255 });

        Assert.That(written, Is.True);
        Assert.That(
            (byte[]?)await Redis.HashGetAsync("asynq:{mail}:t:a", "result"), Is.EqualTo(new byte[] { 1, 0, 255 }));
    }

    [Test]
    public async Task WriteResult_LeavesNoPhantom_WhenTaskIsGone()
    {
        await TakeNewAsync("a");
        await Store.FinishAsync("mail", [new FinishedTask(Lease("a"), TaskOutcome.Done)]);

        var written = await Store.WriteResultAsync(Lease("a"), "late"u8.ToArray());

        Assert.That(written, Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
    }

    [Test]
    public async Task WriteResult_ChangesNothing_WhenTaskIsSomebodyElses()
    {
        await TakeNewAsync("a");
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 31);

        Assert.That(await Store.WriteResultAsync(Lease("a"), "stale"u8.ToArray()), Is.False);
        Assert.That(await Redis.HashExistsAsync("asynq:{mail}:t:a", "result"), Is.False);
    }
}
