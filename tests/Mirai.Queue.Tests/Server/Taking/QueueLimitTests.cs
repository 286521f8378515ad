using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class QueueLimitTests : LimitTest
{
    [Test]
    public async Task QueueLimit_LeavesTasksInTheQueue()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 2);
        await EnqueueAsync(Tasks("a", 5));

        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-a000", "mail-a001" }));
        Assert.That(
            await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "mail-a004", "mail-a003", "mail-a002" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:retry"), Is.False);
    }

    [Test]
    public async Task QueueLimit_AsksNothingOfRedis_WhileItIsReached()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 2);
        await EnqueueAsync(Tasks("a", 5));
        await FillAsync(parts);
        var calls = Faults.Calls.Count;

        Assert.That(await parts.Processor.FillAsync(), Is.EqualTo((0, false)));

        Assert.That(Faults.Calls, Has.Count.EqualTo(calls));
    }

    [Test]
    public async Task QueueLimit_LetsTheNextIn_WhenOneHasEnded()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 2);
        await EnqueueAsync(Tasks("a", 5));
        await FillAsync(parts);

        await EndAsync(parts, "mail-a000");
        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-a001", "mail-a002" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task QueueLimit_LeavesTheOtherSlotsToOtherQueues(bool strict)
    {
        var parts = HoldingParts(options =>
        {
            (options.Queues["mail"], options.Queues["low"], options.StrictPriority) = (9, 1, strict);
            options.QueueLimits["mail"] = 2;
        });
        await EnqueueAsync(Tasks("a", 20));
        await EnqueueAsync(Tasks("a", 20, "low"));

        await FillAsync(parts);

        Assert.That(Running.Count(id => id.StartsWith("mail", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(Running.Count(id => id.StartsWith("low", StringComparison.Ordinal)), Is.EqualTo(8));
    }

    [Test]
    public async Task QueueLimit_GivesEveryQueueOfAPatternItsOwn()
    {
        var parts = HoldingParts(options =>
        {
            options.Queues["tenant:*"] = 1;
            options.QueueLimits["tenant:*"] = 2;
            options.QueueLimits["tenant:2"] = 1;
        });
        await EnqueueAsync(Tasks("a", 5, "tenant:1"));
        await EnqueueAsync(Tasks("a", 5, "tenant:2"));
        await parts.Watcher.RunOnceAsync(CancellationToken.None);

        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "tenant:1-a000", "tenant:1-a001", "tenant:2-a000" }));
    }

    [Test]
    public async Task QueueLimit_FreesItsPlace_WhenAnAttemptFailsOrIsAbandoned()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 1);
        await EnqueueAsync(Tasks("a", 2));
        await FillAsync(parts);

        parts.Running.Cancel("mail-a000", CancelReason.Canceled); // which the handler ignores
        Time.Advance(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(1));
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await parts.Processor.FillAsync(), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task QueueLimit_IsFilledAgain_WhenRedisDidNotAnswerATake()
    {
        var parts = HoldingParts(options => options.QueueLimits["mail"] = 2);
        await EnqueueAsync(Tasks("a", 3));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 1, FaultyStore.Fault.NotSent);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-a000", "mail-a001" }));
    }
}
