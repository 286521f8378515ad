using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Upkeep;

/// <summary>A queue whose keys are broken does not keep upkeep from the other queues.</summary>
internal sealed class QueueUpkeepTests : ServerTest
{
    [Test]
    public async Task Forwarder_ForwardsTheOtherQueues_WhenOneIsBroken()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:scheduled", "no sorted set");
        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(1) }));
        Time.Advance(TimeSpan.FromSeconds(1));

        await RunTwiceAsync(parts.Forwarder);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Recoverer_RecoversTheOtherQueues_WhenOneIsBroken()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:lease", "no sorted set");
        await TakeNewAsync("a");
        Time.Advance(TimeSpan.FromSeconds(60));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None); // sees the lease, and judges two heartbeats later
        Time.Advance(TimeSpan.FromSeconds(10));

        await RunTwiceAsync(parts.Recoverer);

        Assert.That((await ZSetAsync("asynq:{mail}:retry")).Select(entry => entry.Item1), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Janitor_CleansTheOtherQueues_WhenOneIsBroken()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:completed", "no sorted set");
        await Redis.SortedSetAddAsync("asynq:{mail}:completed", "a", Now);

        await RunTwiceAsync(parts.Janitor);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:completed"), Is.False);
    }

    [Test]
    public async Task Reclaimer_SettlesTheSetsOfTheOtherQueues_WhenOneIsBroken()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:aggregation_sets", "no sorted set");
        await Redis.SortedSetAddAsync("asynq:{mail}:g:user:42:s1", "a", Now - 60);
        await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", "asynq:{mail}:g:user:42:s1", Now);

        await RunTwiceAsync(parts.Reclaimer);

        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", Now - 60d) }));
    }

    [TestCase(nameof(QueueServerParts.Recoverer), nameof(IQueueStore.ListExpiredAsync))]
    [TestCase(nameof(QueueServerParts.Janitor), nameof(IQueueStore.DeleteExpiredCompletedAsync))]
    [TestCase(nameof(QueueServerParts.Reclaimer), nameof(IGroupStore.ListLeftSetsAsync))]
    [TestCase(nameof(QueueServerParts.Forwarder), nameof(IQueueStore.ForwardAsync))]
    public async Task Upkeep_GoesOnWithTheOtherQueues_WhenTheShardOfOneIsAway(string duty, string call)
    {
        var loop = Find(WithBrokenQueue(), duty);
        Faults.FailFirst(call, 1, FaultyStore.Fault.NotSent);

        var pause = await loop.RunOnceAsync(CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(1));
        await loop.RunOnceAsync(CancellationToken.None);

        Assert.That(pause, Is.GreaterThan(TimeSpan.FromSeconds(1)));
        Assert.That(Faults.Calls.Count(name => name == call), Is.EqualTo(4));
        Assert.That(Log.Lines.Select(line => line.Message), Is.EqualTo(new[]
        {
            $"{duty} of queue bad failed. Mirai repeats it until it succeeds; everything else goes on",
            $"{duty} of queue bad succeeds again after 00:00:01",
        }));
    }

    [TestCase(nameof(QueueServerParts.Recoverer))]
    [TestCase(nameof(QueueServerParts.Janitor))]
    [TestCase(nameof(QueueServerParts.Reclaimer))]
    [TestCase(nameof(QueueServerParts.Forwarder))]
    public void Upkeep_Fails_WhenRedisAnswersForNoQueue(string duty)
    {
        var loop = Find(WithBrokenQueue(), duty);
        Faults.Plan(_ => FaultyStore.Fault.NotSent);

        Assert.That(
            () => loop.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        Assert.That(Faults.Calls, Has.Count.EqualTo(2), "each queue may be on a shard of its own");
        Assert.That(Log.Lines, Is.Empty, "one log for all loops");
    }

    [Test]
    public async Task Upkeep_ForgetsTheFault_WhenTheQueueIsServedNoLonger()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:completed", "no sorted set");
        await parts.Janitor.RunOnceAsync(CancellationToken.None);

        parts.Queues.Apply(Only("mail"));
        await parts.Janitor.RunOnceAsync(CancellationToken.None);
        parts.Queues.Apply(Only("bad"));
        await parts.Janitor.RunOnceAsync(CancellationToken.None);

        var lines = Log.Lines.Where(line => line.Level == LogLevel.Error).Select(line => line.Message);
        Assert.That(lines, Is.EqualTo(Enumerable.Repeat(
            "Janitor of queue bad failed. Mirai repeats it until it succeeds; everything else goes on", 2)));
    }

    [Test]
    public async Task Upkeep_AsksABrokenQueueLessAndLess_UpToTheInterval()
    {
        var parts = WithBrokenQueue();
        await Redis.StringSetAsync("asynq:{bad}:scheduled", "no sorted set");
        var asked = new List<int>();
        var bad = 0;
        Faults.Gate = (_, queue) =>
        {
            bad += queue == "bad" ? 1 : 0;
            return Task.CompletedTask;
        };

        for (var second = 0; second <= 20; second++)
        {
            await parts.Forwarder.RunOnceAsync(CancellationToken.None); // as a stream of due times would have it
            await parts.Forwarder.RunOnceAsync(CancellationToken.None);
            asked.AddRange(Enumerable.Repeat(second, bad));
            bad = 0;
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(asked, Is.EqualTo(new[] { 0, 1, 3, 7, 12, 17 }));
        Assert.That(Faults.Calls.Count(name => name == nameof(IQueueStore.ForwardAsync)), Is.EqualTo(42 + 6));
        Assert.That(Log.Lines, Has.Count.EqualTo(1), "one line when it begins");
    }

    [Test]
    public async Task Forwarder_GoesOnWithTheOtherQueues_WhileOneHangs()
    {
        var parts = WithBrokenQueue();
        var hanging = new TaskCompletionSource();
        Faults.Gate = (_, queue) => queue == "bad" ? hanging.Task : Task.CompletedTask;
        var answered = Faults.WhenReturned(nameof(IQueueStore.ForwardAsync));
        var first = parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await answered.WaitAsync(TimeSpan.FromSeconds(10));
        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(1) }));

        await PassTimeUntilAsync(() => Task.FromResult(first.IsCompleted));
        await parts.Forwarder.RunOnceAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(Faults.Calls.Count(name => name == nameof(IQueueStore.ForwardAsync)), Is.EqualTo(3));
        hanging.SetResult();
    }

    private static Loop Find(QueueServerParts parts, string duty) =>
        ((Loop[])[parts.Recoverer, parts.Janitor, parts.Reclaimer, parts.Forwarder]).Single(loop => loop.Name == duty);

    private static QueueServerOptions Only(string queue)
    {
        var options = new QueueServerOptions();
        options.Queues[queue] = 1;

        return options;
    }

    // The broken queue is the first. The server runs for as long as a recoverer waits for the heartbeats of others.
    private QueueServerParts WithBrokenQueue()
    {
        var parts = Parts(configure: options =>
        {
            options.Queues.Clear();
            options.Queues["bad"] = 1;
            options.Queues["mail"] = 1;
        });
        Time.Advance(TimeSpan.FromSeconds(10));

        return parts;
    }

    private static async Task RunTwiceAsync(Loop duty)
    {
        var first = await duty.RunOnceAsync(CancellationToken.None);
        var second = await duty.RunOnceAsync(CancellationToken.None);

        Assert.That(
            new[] { first, second }, Is.All.GreaterThan(TimeSpan.FromSeconds(1)), "no hurry because of a broken queue");
    }
}
