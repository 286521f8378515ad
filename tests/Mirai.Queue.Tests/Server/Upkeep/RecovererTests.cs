using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Upkeep;

internal sealed class RecovererTests : ServerTest
{
    private static readonly TimeSpan LeaseAndTolerance = TimeSpan.FromSeconds(60);

    [Test]
    public async Task RunOnce_RetriesAndCounts_WhenWorkerIsGone()
    {
        var parts = Parts(configure: options => options.RetryDelay = _ => TimeSpan.FromSeconds(5));
        await TakeNewAsync("a");

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        var stored = await StoredAsync("a");
        Assert.That((stored.Retried, stored.ErrorMsg), Is.EqualTo((1, "asynq: task lease expired")));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("a", Now + 75d) }));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:failed"), Is.EqualTo(1));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
    }

    [Test]
    public async Task RunOnce_LeavesTask_WhileItsLeaseIsRespected()
    {
        var parts = Parts();
        await TakeNewAsync("a");

        Time.Advance(LeaseAndTolerance - TimeSpan.FromSeconds(1));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_LeavesTask_WhoseWorkerRenewsItWithAClockThatIsBehind()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        Time.Advance(TimeSpan.FromMinutes(5));

        for (var beat = 0; beat < 6; beat++)
        {
            await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 30 + (5 * beat));
            await parts.Recoverer.RunOnceAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task RunOnce_Archives_WhenRetriesAreUsedUp()
    {
        var parts = Parts();
        await EnqueueAsync(NewTask("a", new EnqueueOptions { MaxRetry = 0 }));
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", Now + 70d) }));
    }

    [Test]
    public async Task RunOnce_GoesOn_WhenGhostsAndUnreadableOnesAreAmongThem()
    {
        var parts = Parts();
        await TakeNewAsync("ghost", "unreadable", "task");
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:unreadable", "msg", "\xff");

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
        Assert.That(
            (await ZSetAsync("asynq:{mail}:retry")).Select(entry => entry.Item1), Is.EqualTo(new[] { "task" }));
        Assert.That(
            (await ZSetAsync("asynq:{mail}:archived")).Select(entry => entry.Item1),
            Is.EqualTo(new[] { "unreadable" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:ghost"), Is.False);
    }

    [Test]
    public async Task RunOnce_TakesAllBack_WhenThereAreMoreThanOnePage()
    {
        var parts = Parts();
        await TakeNewAsync([.. Enumerable.Range(0, 250).Select(i => $"t{i}")]);

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(250));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
    }

    [Test]
    public async Task RunOnce_ChargesOnce_WhenTwoServersRecoverTheSame()
    {
        var (one, two) = (Parts(), Parts());
        await TakeNewAsync("a");
        await PassLeaseAsync(one, two);

        await Task.WhenAll(
            one.Recoverer.RunOnceAsync(CancellationToken.None), two.Recoverer.RunOnceAsync(CancellationToken.None));

        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:failed"), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_LeavesTask_WhoseOutcomeWaitsForRedis()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        parts.Syncer.Submit(new FinishedTask(Lease("a"), TaskOutcome.Done));

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        await WriteBackAsync(parts);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False, "done, and not run again");
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task RunOnce_ReturnsALostTakeAtOnce_AndLooksAgainUntilItsLeaseIsOver()
    {
        var parts = Parts();
        await EnqueueAsync(NewTask("a"));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 1, FaultyStore.Fault.ReplyLost);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }), "no other take wrote its lease");

        Time.Advance(TimeSpan.FromSeconds(31));
        foreach (var looks in new[] { 2, 2 })
        {
            await parts.Recoverer.RunOnceAsync(CancellationToken.None);
            Assert.That(
                Faults.Calls.Count(call => call == nameof(IQueueStore.ReturnUntrackedAsync)), Is.EqualTo(looks));
        }
    }

    [Test]
    public async Task RunOnce_LeavesEveryTask_UntilAllHadTimeToRenewAfterAnOutage()
    {
        var parts = Parts();
        await TakeNewAsync("a");
        parts.Health.Failed(new InvalidOperationException("away"));
        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        parts.Health.Succeeded();

        foreach (var seconds in new[] { 9, 1, 9 })
        {
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await parts.Recoverer.RunOnceAsync(CancellationToken.None);
            Assert.That(
                await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }),
                "its outcome may wait in another worker for Redis");
        }

        Time.Advance(TimeSpan.FromSeconds(1));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_RepairsWhatIsActiveWithoutLease_AndLeasedWithoutBeingActive()
    {
        var parts = Parts();
        await TakeNewAsync("active", "leased", "ghost");
        await Redis.SortedSetRemoveAsync("asynq:{mail}:lease", ["active", "ghost"]);
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.ListRemoveAsync("asynq:{mail}:active", "leased");

        await PassLeaseAsync(parts);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EquivalentTo(new[] { "active", "leased" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False, "no attempt is counted");
    }

    [Test]
    public async Task RunOnce_RequeuesTheOtherLostTakes_WhenTheShardOfOneIsAway()
    {
        var parts = Parts(configure: options => options.Queues["bad"] = 1);
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Queue = "bad" }));
        await EnqueueAsync(NewTask("a"));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 2, FaultyStore.Fault.ReplyLost);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        Time.Advance(TimeSpan.FromSeconds(31));
        Faults.FailFirst(nameof(IQueueStore.ReturnUntrackedAsync), 1, FaultyStore.Fault.NotSent);

        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));

        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(await ListAsync("asynq:{bad}:pending"), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task RunOnce_RequeuesTheOtherLostTakes_WhenRedisRefusesOne()
    {
        var parts = Parts(configure: options => options.Queues["bad"] = 1);
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Queue = "bad" }));
        await EnqueueAsync(NewTask("a"));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 2, FaultyStore.Fault.ReplyLost);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        await Redis.KeyRenameAsync("asynq:{bad}:lease", "{bad}:kept");
        await Redis.StringSetAsync("asynq:{bad}:lease", "no sorted set");
        Time.Advance(TimeSpan.FromSeconds(31));

        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(
            Log.Lines.Select(line => line.Message),
            Has.One.StartsWith("Requeueing the lost takes of queue bad failed."));

        await Redis.KeyDeleteAsync("asynq:{bad}:lease");
        await Redis.KeyRenameAsync("{bad}:kept", "asynq:{bad}:lease");
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        Assert.That(
            await ListAsync("asynq:{bad}:pending"), Is.EqualTo(new[] { "b" }), "the refused take is tried again");
    }

    // The leases are over, and the recoverers have seen it; two heartbeats later they judge.
    private async Task PassLeaseAsync(params QueueServerParts[] servers)
    {
        Time.Advance(LeaseAndTolerance);
        foreach (var server in servers)
        {
            await server.Recoverer.RunOnceAsync(CancellationToken.None);
        }

        Time.Advance(TimeSpan.FromSeconds(10));
    }
}
