using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreFinishTests : StoreTest
{
    [Test]
    public async Task Finish_DeletesAndCounts_WhenDone()
    {
        await TakeNewAsync("a", "b");

        var lost = await Store.FinishAsync(
            "mail", [new(Lease("a"), TaskOutcome.Done), new(Lease("b"), TaskOutcome.Done)]);

        Assert.That(lost, Is.Empty);
        Assert.That(await KeysAsync(), Is.EquivalentTo(new[]
        {
            "asynq:queues", "asynq:{mail}:processed", $"asynq:{{mail}}:processed:{Today}",
        }));
        Assert.That(await CountersAsync(), Is.EqualTo((2L, 0L, 2L, 0L)));
    }

    [Test]
    public async Task Finish_SetsExpiryOfDayCounterOnce_WhenItIsNew()
    {
        await TakeNewAsync("a");
        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Done)]);
        var expiry = await Redis.KeyExpireTimeAsync($"asynq:{{mail}}:processed:{Today}");

        Time.Advance(TimeSpan.FromMinutes(1));
        await TakeNewAsync("b");
        await Store.FinishAsync("mail", [new(Lease("b"), TaskOutcome.Done)]);

        Assert.That(expiry, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(Now).AddDays(90).UtcDateTime));
        Assert.That(await Redis.KeyExpireTimeAsync($"asynq:{{mail}}:processed:{Today}"), Is.EqualTo(expiry));
    }

    [Test]
    public async Task Finish_KeepsMessageAndScore_WhenCompleted()
    {
        await TakeNewAsync("a");
        var message = Message("a");
        message.CompletedAt = Now;

        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Completed, message.ToByteArray(), Now + 60)]);

        Assert.That(await ZSetAsync("asynq:{mail}:completed"), Is.EqualTo(new[] { ("a", Now + 60d) }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("completed"));
        Assert.That((await StoredAsync("a")).CompletedAt, Is.EqualTo(Now));
        Assert.That(await CountersAsync(), Is.EqualTo((1L, 0L, 1L, 0L)));
        await AssertNothingRunsAsync();
    }

    [Test]
    public async Task Finish_CountsFailure_WhenRetried()
    {
        await TakeNewAsync("a");
        var message = Message("a");
        message.Retried = 1;

        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Retry, message.ToByteArray(), Now + 20)]);

        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 20d) }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("retry"));
        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That(await CountersAsync(), Is.EqualTo((1L, 1L, 1L, 1L)));
        await AssertNothingRunsAsync();
    }

    [Test]
    public async Task Finish_CountsNothing_WhenRetriedWithoutFailure()
    {
        await TakeNewAsync("a");

        await Store.FinishAsync(
            "mail", [new(Lease("a"), TaskOutcome.RetryUncounted, Message("a").ToByteArray(), Now + 20)]);

        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 20d) }));
        Assert.That(await CountersAsync(), Is.EqualTo((0L, 0L, 0L, 0L)));
    }

    [Test]
    public async Task Finish_CountsFailure_WhenArchived()
    {
        await TakeNewAsync("a");

        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Archived, Message("a").ToByteArray(), Now)]);

        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", (double)Now) }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("archived"));
        Assert.That(await CountersAsync(), Is.EqualTo((1L, 1L, 1L, 1L)));
    }

    [Test]
    public async Task Finish_DeletesAndCountsFailure_WhenDropped()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) }));
        await EnqueueAsync(NewTask("b"));
        await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);
        var key = UniqueKey.For("mail", "mail:send", "{}"u8.ToArray());

        var lost = await Store.FinishAsync("mail",
        [
            new(Lease("a"), TaskOutcome.Dropped, ReleasedLock: key),
            new(Lease("b"), TaskOutcome.Completed, Message("b").ToByteArray(), Now + 60),
        ]);

        Assert.That(lost, Is.Empty);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
        Assert.That(await Redis.KeyExistsAsync(key), Is.False);
        Assert.That(await ZSetAsync("asynq:{mail}:completed"), Is.EqualTo(new[] { ("b", Now + 60d) }));
        Assert.That(await CountersAsync(), Is.EqualTo((2L, 1L, 2L, 1L)));
        await AssertNothingRunsAsync();
    }

    [Test]
    public async Task Finish_KeepsUnreadableMessage_WhenSetAside()
    {
        await TakeNewAsync("a");
        await Redis.HashSetAsync("asynq:{mail}:t:a", "msg", "garbage");

        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Archived, Score: Now)]);

        Assert.That((string?)await Redis.HashGetAsync("asynq:{mail}:t:a", "msg"), Is.EqualTo("garbage"));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", (double)Now) }));
    }

    [Test]
    public async Task Finish_PutsBackToTheFront_WhenRequeued()
    {
        await TakeNewAsync("a", "b");
        await EnqueueAsync(NewTask("waiting"));

        await Store.FinishAsync(
            "mail", [new(Lease("b"), TaskOutcome.Requeued), new(Lease("a"), TaskOutcome.Requeued)]);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "waiting", "b", "a" }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "pending" }));
        Assert.That(await CountersAsync(), Is.EqualTo((0L, 0L, 0L, 0L)));
        await AssertNothingRunsAsync();
    }

    [Test]
    public async Task Finish_ReleasesOnlyItsOwnLock_WhenDone()
    {
        await TakeNewAsync("a", "b");
        await Redis.StringSetAsync("asynq:{mail}:unique:mail:send:1", "a");
        await Redis.StringSetAsync("asynq:{mail}:unique:mail:send:2", "somebody else");

        await Store.FinishAsync("mail",
        [
            new(Lease("a"), TaskOutcome.Done, ReleasedLock: "asynq:{mail}:unique:mail:send:1"),
            new(Lease("b"), TaskOutcome.Done, ReleasedLock: "asynq:{mail}:unique:mail:send:2"),
        ]);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:unique:mail:send:1"), Is.False);
        Assert.That(
            (string?)await Redis.StringGetAsync("asynq:{mail}:unique:mail:send:2"), Is.EqualTo("somebody else"));
    }

    [Test]
    public async Task Finish_LeavesForeignKey_WhenLockIsOfAnotherQueue()
    {
        await TakeNewAsync("a");
        await Redis.StringSetAsync("asynq:{other}:unique:mail:send:1", "a");

        await Store.FinishAsync(
            "mail", [new(Lease("a"), TaskOutcome.Done, ReleasedLock: "asynq:{other}:unique:mail:send:1")]);

        Assert.That(await Redis.KeyExistsAsync("asynq:{other}:unique:mail:send:1"), Is.True);
    }

    [TestCase(TaskOutcome.Done)]
    [TestCase(TaskOutcome.Requeued)]
    [TestCase(TaskOutcome.Retry)]
    [TestCase(TaskOutcome.RetryUncounted)]
    [TestCase(TaskOutcome.Archived)]
    [TestCase(TaskOutcome.Completed)]
    public async Task Finish_ChangesNothing_WhenLeaseIsOfAnotherTake(object outcome)
    {
        await TakeNewAsync("a");
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 29.5); // another worker's
        await Redis.StringSetAsync("asynq:{mail}:unique:mail:send:1", "a");
        var before = await DumpAsync();

        var lost = await Store.FinishAsync("mail",
            [new(
                Lease("a"), (TaskOutcome)outcome, Message("a").ToByteArray(), Now,
                "asynq:{mail}:unique:mail:send:1")]);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Finish_ChangesNothing_WhenTaskWasTakenAway()
    {
        await TakeNewAsync("a");
        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Requeued)]);
        var before = await DumpAsync();

        var lost = await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Done)]);

        Assert.That(lost, Is.EqualTo(new[] { 0 }));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Finish_TellsLostOnesByTheirPlace_WhenOutcomesAreMixed()
    {
        await TakeNewAsync("a", "b", "c", "d", "e");
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "d", Now + 31.5);
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 29.25);
        var message = Message("x").ToByteArray();

        var lost = await Store.FinishAsync("mail",
        [
            new(Lease("a"), TaskOutcome.Archived, message, Now),
            new(Lease("b"), TaskOutcome.Done),
            new(Lease("c"), TaskOutcome.Retry, message, Now + 5),
            new(Lease("d"), TaskOutcome.Done),
            new(Lease("e"), TaskOutcome.Requeued),
        ]);

        Assert.That(lost, Is.EquivalentTo(new[] { 0, 3 }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "d", "a" }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "e" }));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("c", Now + 5d) }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:archived"), Is.False);
        Assert.That(await CountersAsync(), Is.EqualTo((2L, 1L, 2L, 1L)));
    }

    [Test]
    public async Task Finish_StartsTotalsAgain_WhenTheyReachTheLimit()
    {
        await TakeNewAsync("a", "b");
        await Redis.StringSetAsync("asynq:{mail}:processed", long.MaxValue);
        await Redis.StringSetAsync("asynq:{mail}:failed", 5);

        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Done)]);
        Assert.That((await CountersAsync()) is (_, _, 1, 5), Is.True, "a success leaves the failures alone");

        await Redis.StringSetAsync("asynq:{mail}:processed", long.MaxValue - 100);
        await Store.FinishAsync("mail", [new(Lease("b"), TaskOutcome.Archived, Message("b").ToByteArray(), Now)]);
        Assert.That((await CountersAsync()) is (_, _, 1, 1), Is.True, "a failure starts both again");
    }

    [Test]
    public async Task Finish_StaysBelowTheLimit_WhenABatchWouldCrossIt()
    {
        await TakeNewAsync("a", "b", "c");
        await Redis.StringSetAsync("asynq:{mail}:processed", long.MaxValue - 600);

        await Store.FinishAsync(
            "mail", [.. new[] { "a", "b", "c" }.Select(id => new FinishedTask(Lease(id), TaskOutcome.Done))]);

        Assert.That(
            (long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(3).Or.EqualTo(long.MaxValue - 597));
    }

    private static async Task AssertNothingRunsAsync()
    {
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
    }

    private static async Task<(long Processed, long Failed, long ProcessedTotal, long FailedTotal)> CountersAsync() =>
        (
        (long)await Redis.StringGetAsync($"asynq:{{mail}}:processed:{Today}"),
        (long)await Redis.StringGetAsync($"asynq:{{mail}}:failed:{Today}"),
        (long)await Redis.StringGetAsync("asynq:{mail}:processed"),
        (long)await Redis.StringGetAsync("asynq:{mail}:failed"));
}
