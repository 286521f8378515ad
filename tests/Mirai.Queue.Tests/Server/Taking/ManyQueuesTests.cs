using Mirai.Queue.Server;
using Mirai.Queue.Store;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Server.Taking;

/// <summary>What a server asks Redis when it serves a thousand queues.</summary>
internal sealed class ManyQueuesTests : ServerTest
{
    [SetUp]
    public void SkipOnCluster()
    {
        if (TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("A cluster cannot read keys of several queues with one command.");
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Fill_AsksTheQueueThatHasTasks_AndNoOther(bool strict)
    {
        var parts = Parts(configure: options =>
        {
            ThousandQueues(options);
            (options.Concurrency, options.StrictPriority) = (5, strict);
        });
        await FillQueueAsync("q500", 500);

        while (Handled.Count < 500)
        {
            await RunTakenAsync(parts);
        }

        Assert.That(Count(nameof(IQueueStore.TakeAsync)), Is.LessThanOrEqualTo(250), "100 rounds of 5 slots");
        Assert.That(Count(nameof(IQueueStore.FindPendingAsync)), Is.EqualTo(1), "one poll, while no time passes");
    }

    [Test]
    public async Task Fill_AsksOnlyTheQueueThatASignalNames()
    {
        var parts = Parts(configure: ThousandQueues);
        await parts.Processor.FillAsync();
        await FillQueueAsync("q7", 1);
        await FillQueueAsync("q8", 1);

        parts.Processor.WakeUp("q7");
        await RunTakenAsync(parts);

        Assert.That(Handled.Select(context => context.Queue), Is.EqualTo(new[] { "q7" }));
        Assert.That(Count(nameof(IQueueStore.TakeAsync)), Is.EqualTo(1));
    }

    [Test]
    public async Task Fill_TakesFromAQueueWithoutSignal_AtTheNextPoll_ThoughAnotherQueueKeepsItBusy()
    {
        var parts = Parts(configure: options =>
        {
            ThousandQueues(options);
            (options.Concurrency, options.Queues["vip"], options.StrictPriority) = (5, 9, true);
        });
        await FillQueueAsync("q7", 100);
        await RunTakenAsync(parts);
        await FillQueueAsync("vip", 1);
        await RunTakenAsync(parts);
        Assert.That(Handled.Select(context => context.Queue), Is.All.EqualTo("q7"), "nothing told of the task");

        Time.Advance(TimeSpan.FromSeconds(1.5));
        await RunTakenAsync(parts);

        Assert.That(Handled.Skip(10).Select(context => context.Queue), Has.One.EqualTo("vip"));
    }

    [Test]
    public async Task Fill_RemembersASignal_WhileTheQueueIsAtItsLimit()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task, options =>
        {
            ThousandQueues(options);
            options.QueueLimits["q7"] = 1;
        });
        await FillQueueAsync("q7", 1);
        await parts.Processor.FillAsync();
        await FillQueueAsync("q7", 1, "later");
        parts.Processor.WakeUp("q7");
        await parts.Processor.FillAsync();
        Assert.That(Handled, Has.Count.EqualTo(1));

        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await RunTakenAsync(parts);

        Assert.That(Handled, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Fill_TakesAgainAfterAFault_WhatASignalNamed()
    {
        var parts = Parts(configure: ThousandQueues);
        await parts.Processor.FillAsync();
        await FillQueueAsync("q7", 1);
        parts.Processor.WakeUp("q7");
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 1, FaultyStore.Fault.NotSent);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        await RunTakenAsync(parts);

        Assert.That(Handled, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fill_AsksAPausedQueueByItself_SoThatLooksDoNotFindItAgain()
    {
        var parts = Parts(configure: ThousandQueues);
        await FillQueueAsync("q7", 1);
        await Redis.StringSetAsync("asynq:{q7}:paused", "1");

        await PollAsync(parts, times: 8);
        Assert.That(Count(nameof(IQueueStore.TakeAsync)), Is.EqualTo(8));

        await Redis.KeyDeleteAsync("asynq:{q7}:paused");
        await PollAsync(parts, times: 2);
        Assert.That(Handled, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fill_AsksTheNextFewQueuesAtEachPoll_WhenRedisCannotLookAtMany()
    {
        Faults.CanLook = false;
        var parts = Parts(configure: ThousandQueues);
        await FillQueueAsync("q999", 1);

        await PollAsync(parts, times: 10);
        Assert.That(Count(nameof(IQueueStore.TakeAsync)), Is.EqualTo(160));

        await PollAsync(parts, times: 53);
        Assert.That(Handled, Has.Count.EqualTo(1), "a round of 1,000 queues is 63 polls");
    }

    [Test]
    public async Task Fill_AsksEveryQueueAtOnce_WhenAllOfThemHaveTasks()
    {
        var parts = Parts(configure: options =>
        {
            ThousandQueues(options);
            options.Concurrency = 100;
        });
        for (var queue = 0; queue < 100; queue++)
        {
            await FillQueueAsync($"q{queue}", 1);
        }

        await RunTakenAsync(parts);

        Assert.That(Handled, Has.Count.EqualTo(100));
        Assert.That(Count(nameof(IQueueStore.TakeAsync)), Is.LessThanOrEqualTo(200));
    }

    private static void ThousandQueues(QueueServerOptions options)
    {
        options.Queues.Clear();
        for (var queue = 0; queue < 1_000; queue++)
        {
            options.Queues[$"q{queue}"] = 1;
        }
    }

    private int Count(string call) => Faults.Calls.Count(name => name == call);

    private async Task PollAsync(QueueServerParts parts, int times)
    {
        for (var poll = 0; poll < times; poll++)
        {
            await RunTakenAsync(parts);
            Time.Advance(TimeSpan.FromSeconds(1.5));
        }
    }

    private Task FillQueueAsync(string queue, int count, string prefix = "t") => EnqueueAsync(
    [
        .. Enumerable.Range(0, count).Select(i => NewTask($"{prefix}{i}", new EnqueueOptions { Queue = queue })),
    ]);
}
