using Mirai.Queue.Server;
using Mirai.Queue.Store;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Server.Upkeep;

/// <summary>Which of a thousand queues upkeep visits.</summary>
internal sealed class QueueVisitsTests : ServerTest
{
    [SetUp]
    public void SkipOnCluster()
    {
        if (TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("A cluster cannot read keys of several queues with one command.");
        }
    }

    [Test]
    public async Task Pass_VisitsNoQueue_WhenNoneHasAnythingToDo()
    {
        var parts = WithThousandQueues();

        Time.Advance(TimeSpan.FromSeconds(10)); // a recoverer first waits for the heartbeats of others
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await parts.Janitor.RunOnceAsync(CancellationToken.None);
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        await parts.Reclaimer.RunOnceAsync(CancellationToken.None);

        // The reclaimer asks twice: without an aggregator, it also warns about forgotten groups.
        Assert.That(Faults.Calls, Is.EqualTo(Enumerable.Repeat(nameof(IQueueStore.FindUsedAsync), 5)));
    }

    [Test]
    public async Task Forwarder_VisitsTheQueueThatIsDue_AndNoOther()
    {
        var parts = WithThousandQueues();
        await ScheduleAsync("q7", seconds: 3);
        await ScheduleAsync("q8", seconds: 30);
        var pause = await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        Assert.That(pause, Is.EqualTo(TimeSpan.FromSeconds(3)).Within(TimeSpan.FromMilliseconds(10)));

        Time.Advance(pause);
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{q7}:pending"), Is.EqualTo(new[] { "q7" }));
        Assert.That(Count(nameof(IQueueStore.ForwardAsync)), Is.EqualTo(3), "both once, then the one that is due");
        Assert.That(Count(nameof(IQueueStore.FindUsedAsync)), Is.EqualTo(1));
    }

    [Test]
    public async Task Forwarder_VisitsTheQueueThatASignalNames_WithoutALook()
    {
        var parts = WithThousandQueues();
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await ScheduleAsync("q7", seconds: 1);
        parts.Forwarder.Expect("q7", Time.GetUtcNow().AddSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));

        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{q7}:pending"), Is.EqualTo(new[] { "q7" }));
        Assert.That(Count(nameof(IQueueStore.FindUsedAsync)), Is.EqualTo(1));
    }

    [Test]
    public async Task Forwarder_FindsADueTimeThatNoSignalTold_AfterItsInterval()
    {
        var parts = WithThousandQueues();
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await ScheduleAsync("q7", seconds: 1);
        Time.Advance(TimeSpan.FromSeconds(5));

        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{q7}:pending"), Is.EqualTo(new[] { "q7" }));
    }

    [Test]
    public async Task Forwarder_LooksAgain_WhenAPassFailed()
    {
        var parts = WithThousandQueues();
        await ScheduleAsync("q7", seconds: 1);
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(1));
        Faults.FailFirst(nameof(IQueueStore.ForwardAsync), 1, FaultyStore.Fault.NotSent);
        Assert.That(
            () => parts.Forwarder.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        await parts.Forwarder.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{q7}:pending"), Is.EqualTo(new[] { "q7" }));
    }

    [Test]
    public async Task Janitor_VisitsQueuesInTurn_WhenManyHaveSomething()
    {
        var parts = WithThousandQueues();
        for (var queue = 0; queue < 120; queue++)
        {
            await Redis.SortedSetAddAsync($"asynq:{{q{queue}}}:completed", "a", Now);
        }

        for (var pass = 0; pass < 3; pass++)
        {
            await parts.Janitor.RunOnceAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(8));
        }

        Assert.That(Count(nameof(IQueueStore.DeleteExpiredCompletedAsync)), Is.EqualTo(150));
        Assert.That(await KeysAsync(), Has.None.EndsWith(":completed"));
    }

    [Test]
    public async Task Recoverer_RecoversInEveryQueueOfMany()
    {
        var parts = WithThousandQueues();
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = "q7" }));
        await Store.TakeAsync("q7", 1, Now + 30, withPendingSince: false);
        Time.Advance(TimeSpan.FromSeconds(60));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None); // sees the lease, and judges two heartbeats later
        Time.Advance(TimeSpan.FromSeconds(10));

        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That((await ZSetAsync("asynq:{q7}:retry")).Select(entry => entry.Item1), Is.EqualTo(new[] { "a" }));
    }

    private QueueServerParts WithThousandQueues() => Parts(configure: options =>
    {
        options.Queues.Clear();
        for (var queue = 0; queue < 1_000; queue++)
        {
            options.Queues[$"q{queue}"] = 1;
        }
    });

    private int Count(string call) => Faults.Calls.Count(name => name == call);

    private Task ScheduleAsync(string queue, int seconds) => EnqueueAsync(NewTask(
        queue, new EnqueueOptions { Queue = queue, ProcessIn = TimeSpan.FromSeconds(seconds) }));
}
