using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreLeaseTests : StoreTest
{
    private static readonly LeaseStamp Take = new(Now + 5, 12_345);

    [Test]
    public async Task ExtendLease_ReportsTask_WhenLeaseIsGone()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "running", Take.Score);

        var lost = await Store.ExtendLeaseAsync("mail", [Taken("reclaimed"), Taken("running")], Now + 30);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(
            await ZSetAsync("asynq:{mail}:lease"),
            Is.EqualTo(new[] { ("running", (Take with { Expiry = Now + 30 }).Score) }), "the token stays");
    }

    [Test]
    public async Task ExtendLease_ReportsTask_WhenSomebodyElseRenewedIt()
    {
        var theirs = new LeaseStamp(Now, Take.Token + 1);
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:lease", [new("theirs", theirs.Score), new("go's", Now + 5), new("later", Now + 99.25)]);

        var lost = await Store.ExtendLeaseAsync(
            "mail", [Taken("theirs"), Taken("go's"), Taken("later")], Now + 30);

        Assert.That(lost, Is.EqualTo(new[] { 0, 1, 2 }), "whatever the clocks say");
        Assert.That(
            await ZSetAsync("asynq:{mail}:lease"),
            Is.EqualTo(new[] { ("theirs", theirs.Score), ("go's", Now + 5d), ("later", Now + 99.25) }));
    }

    [Test]
    public async Task ExtendLease_NeverShortens_WhenTheClockWentBack()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "running", Take.Score);

        var lost = await Store.ExtendLeaseAsync("mail", [Taken("running")], Now - 10);

        Assert.That(lost, Is.Empty);
        Assert.That(
            await ZSetAsync("asynq:{mail}:lease"),
            Is.EqualTo(new[] { ("running", (Take with { Expiry = Now + 6 }).Score) }),
            "it changes: a lease that does not is that of a dead worker");
    }

    [Test]
    public async Task ListExpired_ReturnsOldestLeasesFirst_WhenSomeRanOut()
    {
        await TakeNewAsync("late", "later", "alive");
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:lease", [new("later", Now - 31), new("late", Now - 30), new("alive", Now - 29)]);

        var expired = await Store.ListExpiredAsync("mail", Now - 30, skip: 0, count: 10);
        var second = await Store.ListExpiredAsync("mail", Now - 30, skip: 1, count: 1);

        Assert.That(expired.Tasks.Select(task => (task.TaskId, (long)task.Lease, task.Message!.Id)), Is.EqualTo(
            new[] { ("later", Now - 31, "later"), ("late", Now - 30, "late") }));
        Assert.That(second.Tasks.Select(task => task.TaskId), Is.EqualTo(new[] { "late" }));
    }

    [Test]
    public async Task ListExpired_TellsGhostFromUnreadable_WhenBothExpired()
    {
        await TakeNewAsync("ghost", "unreadable");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:unreadable", "msg", "\xff");

        var expired = await Store.ListExpiredAsync("mail", Now + 30, skip: 0, count: 10);

        Assert.That(expired.Tasks.Select(task => (task.TaskId, task.IsGhost, task.Message)), Is.EquivalentTo(
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
        await TakeNewAsync("own", "renewed");
        await EnqueueAsync(NewTask("lost1"), NewTask("lost2"));
        await Store.TakeAsync("mail", 2, Take with { Expiry = Now + 30 }, withPendingSince: false);
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "renewed", Now + 35);

        var returned = await Store.ReturnUntrackedAsync("mail", Take with { Expiry = Now + 30 }, count: 5);

        Assert.That(returned, Is.EqualTo(2));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "lost1", "lost2" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "renewed", "own" }));
        Assert.That((await FieldsAsync("lost1"))["state"], Is.EqualTo("pending"));
        Assert.That(await Redis.KeyExistsAsync($"asynq:{{mail}}:failed:{Today}"), Is.False, "no attempt is counted");
    }

    [Test]
    public async Task ReturnUntracked_LeavesTheTasksOfOthers_WhenTheyTookInTheSameSecond()
    {
        await TakeNewAsync("go's");
        await EnqueueAsync(NewTask("theirs"));
        await Store.TakeAsync("mail", 1, new LeaseStamp(Now + 30, Take.Token + 1), withPendingSince: false);

        var returned = await Store.ReturnUntrackedAsync("mail", Take with { Expiry = Now + 30 }, count: 2);

        Assert.That(returned, Is.Zero);
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:active"), Is.EqualTo(2));
    }

    [Test]
    public async Task Next_GivesEveryTakeAnotherToken()
    {
        var takes = Enumerable.Range(0, 10_000).Select(_ => LeaseStamp.Next(Now)).ToList();

        Assert.That(takes.Select(take => take.Token), Is.Unique.And.All.InRange(1, (1 << 20) - 1));
        Assert.That(takes.Select(take => take.Score), Is.Unique, "a double keeps them apart");
    }

    [TestCase(1)]
    [TestCase(524_287)]
    [TestCase((1 << 20) - 1)]
    public async Task Take_WritesItsTokenExactly(int token)
    {
        await EnqueueAsync(NewTask("a"));
        var take = new LeaseStamp(Now + 30, token);
        await Store.TakeAsync("mail", 1, take, withPendingSince: false);

        var lost = await Store.ExtendLeaseAsync("mail", [new TaskLease("mail", "a", take)], Now + 35);

        Assert.That(lost, Is.Empty);
        Assert.That(
            await Redis.SortedSetScoreAsync("asynq:{mail}:lease", "a"),
            Is.EqualTo(Now + 35 + (token / (double)(1 << 20))));
    }

    [Test]
    public async Task Finish_LeavesTask_WhenItsLeaseIsNotAsTheObserverSawIt()
    {
        await TakeNewAsync("a");
        var seen = TaskLease.Seen("mail", "a", Now + 30);
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 35);

        var lost = await Store.FinishAsync("mail", [new FinishedTask(seen, TaskOutcome.Requeued)]);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Finish_FindsEveryTask_WhenManyRun()
    {
        var ids = Enumerable.Range(0, 450).Select(i => $"t{i}").ToArray();
        await TakeNewAsync(ids);

        var lost = await Store.FinishAsync(
            "mail", [.. ids.Where((_, i) => i % 3 == 0).Select(id => new FinishedTask(Lease(id), TaskOutcome.Done))]);

        Assert.That(lost, Is.Empty);
        Assert.That(
            await ListAsync("asynq:{mail}:active"), Is.EqualTo(ids.Where((_, i) => i % 3 != 0).Reverse()));
    }

    [Test]
    public async Task RepairActive_RequeuesWhatHasNoLease_AndDropsGhosts()
    {
        await TakeNewAsync("stranded", "ghost", "running");
        await Redis.SortedSetRemoveAsync("asynq:{mail}:lease", ["stranded", "ghost"]);
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        Assert.That((await Store.ListExpiredAsync("mail", Now, skip: 0, count: 1)).IsUneven, Is.True);

        var repaired = await Store.RepairActiveAsync("mail", skip: 0, count: 10);

        Assert.That(repaired, Is.EqualTo(new RepairedTasks(Seen: 3, Requeued: 1, Ghosts: 1)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "stranded" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "running" }));
        Assert.That((await FieldsAsync("stranded"))["state"], Is.EqualTo("pending"));
        Assert.That((await Store.ListExpiredAsync("mail", Now, skip: 0, count: 1)).IsUneven, Is.False);
    }

    [Test]
    public async Task RepairActive_ChangesNothing_WhileWorkersOfAnOlderAsynqRunTasks()
    {
        await TakeNewAsync("running");
        await Redis.KeyDeleteAsync("asynq:{mail}:lease");
        await Redis.SortedSetAddAsync("asynq:{mail}:deadlines", "running", Now + 1_800);

        Assert.That(await Store.RepairActiveAsync("mail", skip: 0, count: 10), Is.EqualTo(default(RepairedTasks)));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "running" }));
    }

    [Test]
    public async Task HandOver_RequeuesAtOnce_ThenOneAfterTheOther_ThenLeavesToTheCaller()
    {
        await TakeNewAsync("first", "second", "third", "fourth", "stray");
        foreach (var (id, deaths) in new[] { ("second", 1), ("third", 1), ("fourth", 2) })
        {
            await Redis.HashSetAsync($"asynq:{{mail}}:t:{id}", "mirai:crashes", deaths);
        }

        await Redis.ListRemoveAsync("asynq:{mail}:active", "stray");
        SeenLease[] leases =
            [.. new[] { "first", "second", "third", "fourth", "stray" }.Select(id => new SeenLease(id, Now + 30))];

        var result = await Store.HandOverAsync("mail", leases, crashLimit: 3);
        var again = await Store.HandOverAsync("mail", leases, crashLimit: 4);

        Assert.That(
            (result.Requeued, result.OverLimit.Single().TaskId, result.OverLimit.Single().Deaths),
            Is.EqualTo((3, "fourth", 3)));
        Assert.That(again.OverLimit.Single().Deaths, Is.EqualTo(4), "only what still runs");
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "first" }));
        Assert.That(
            await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("second", Now + 1d), ("third", Now + 2d) }));
        Assert.That((await FieldsAsync("second"))["state"], Is.EqualTo("retry"));
        Assert.That((await FieldsAsync("stray")).ContainsKey("mirai:crashes"), Is.False, "nobody ran it");
    }

    [TestCase("hand over")]
    [TestCase("return untracked")]
    [TestCase("repair active")]
    [TestCase("drop ghosts")]
    [TestCase("finish")]
    public async Task Script_ChangesNothing_WhenThePendingListIsNone(string script)
    {
        await TakeNewAsync("a");
        await Redis.StringSetAsync("asynq:{mail}:pending", "no list");
        if (script is "repair active")
        {
            await Redis.KeyDeleteAsync("asynq:{mail}:lease");
        }

        var before = await DumpAsync();

        Assert.That(
            () => script switch
            {
                "hand over" => Store.HandOverAsync("mail", [new SeenLease("a", Now + 30)], crashLimit: 3),
                "return untracked" => Store.ReturnUntrackedAsync("mail", Now + 30, count: 1),
                "repair active" => Store.RepairActiveAsync("mail", skip: 0, count: 1),
                "drop ghosts" => Store.DropGhostsAsync("mail", Now + 30, ["a"]),
                _ => (Task)Store.FinishAsync("mail", [new FinishedTask(Lease("a"), TaskOutcome.Requeued)]),
            },
            Throws.InstanceOf<StackExchange.Redis.RedisServerException>());
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [TestCase("active", true)]
    [TestCase("retry", false)]
    public async Task DropGhosts_RemovesLeaseThatNothingRuns_AndRequeuesTaskThatIsNowhere(string state, bool isRequeued)
    {
        await TakeNewAsync("a");
        await Redis.ListRemoveAsync("asynq:{mail}:active", "a");
        await Redis.HashSetAsync("asynq:{mail}:t:a", "state", state);

        Assert.That(await Store.DropGhostsAsync("mail", Now + 30, ["a"]), Is.EqualTo(1));

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(isRequeued ? ["a"] : Array.Empty<string>()));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo(isRequeued ? "pending" : state));
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
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 29.5);

        Assert.That(await Store.WriteResultAsync(Lease("a"), "stale"u8.ToArray()), Is.False);
        Assert.That(await Redis.HashExistsAsync("asynq:{mail}:t:a", "result"), Is.False);
    }

    private static TaskLease Taken(string id) => new("mail", id, Take);
}
