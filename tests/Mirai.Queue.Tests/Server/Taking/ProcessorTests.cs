using System.Diagnostics;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class ProcessorTests : ServerTest
{
    [Test]
    public async Task Fill_StartsAsManyAsThereAreSlots_InOneCall()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task, options => options.Concurrency = 3);
        await EnqueueAsync([.. Enumerable.Range(0, 5).Select(i => NewTask($"t{i}"))]);

        var filled = await parts.Processor.FillAsync();

        Assert.That(filled, Is.EqualTo((3, true)));
        Assert.That(Faults.Calls, Is.EqualTo(new[] { nameof(IQueueStore.TakeAsync) }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "t2", "t1", "t0" }));
        release.SetResult();
    }

    [Test]
    public async Task Fill_AsksAllQueuesOnce_WhenTheyAreEmpty()
    {
        var parts = Parts(configure: ThreeQueues(strict: false));

        Assert.That(await parts.Processor.FillAsync(), Is.EqualTo((0, false)));
        Assert.That(Faults.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Fill_GivesWhatEmptyQueuesLeave_ToTheOthers()
    {
        var parts = Parts(configure: ThreeQueues(strict: false));
        await FillQueueAsync("low", 10);

        Assert.That(await parts.Processor.FillAsync(), Is.EqualTo((10, true)));
    }

    [Test]
    public async Task Fill_SharesByWeight_OverTenThousandTasks()
    {
        var counts = new Dictionary<string, int> { ["critical"] = 0, ["default"] = 0, ["low"] = 0 };
        var parts = Parts(
            context =>
            {
                lock (counts)
                {
                    counts[context.Queue]++;
                }

                return Task.CompletedTask;
            },
            ThreeQueues(strict: false));
        foreach (var queue in counts.Keys.ToList())
        {
            await FillQueueAsync(queue, 7_000);
        }

        for (var round = 0; round < 1_000; round++)
        {
            await RunTakenAsync(parts);
        }

        Assert.That(counts.Values.Sum(), Is.EqualTo(10_000));
        Assert.That(counts["critical"], Is.EqualTo(6_000).Within(2).Percent);
        Assert.That(counts["default"], Is.EqualTo(3_000).Within(2).Percent);
        Assert.That(counts["low"], Is.EqualTo(1_000).Within(2).Percent);
    }

    [Test]
    public async Task Fill_NeverLetsALowerQueuePass_WhenStrict()
    {
        var parts = Parts(configure: ThreeQueues(strict: true));
        await FillQueueAsync("low", 30);
        await FillQueueAsync("critical", 25);
        await FillQueueAsync("default", 12);

        for (var round = 0; round < 7; round++)
        {
            await RunTakenAsync(parts);
        }

        var byRound = Handled.Select(context => context.Queue).Chunk(10).Select(round => round.ToHashSet()).ToList();
        Assert.That(Handled, Has.Count.EqualTo(67));
        Assert.That(Handled.Take(20).Select(context => context.Queue), Is.All.EqualTo("critical"));
        Assert.That(byRound[2], Is.EquivalentTo(new[] { "critical", "default" }));
        Assert.That(byRound[3], Is.EquivalentTo(new[] { "default", "low" }));
        // Tasks of one round run side by side, in any order; the rest of 27 means that the fourth round had three of
        // them.
        Assert.That(Handled.Skip(40).Select(context => context.Queue), Is.All.EqualTo("low"));
    }

    [Test]
    public async Task Fill_QuarantinesUnreadableMessage_AndGoesOn()
    {
        var parts = Parts();
        await EnqueueAsync(NewTask("bad"), NewTask("good"));
        await Redis.HashSetAsync("asynq:{mail}:t:bad", "msg", "\xff\xff");

        await RunTakenAsync(parts);
        await WriteBackAsync(parts);

        Assert.That(Handled.Select(context => context.TaskId), Is.EqualTo(new[] { "good" }));
        Assert.That(
            (await ZSetAsync("asynq:{mail}:archived")).Select(entry => entry.Item1), Is.EqualTo(new[] { "bad" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
    }

    [Test]
    public async Task Fill_ServesOtherQueues_WhenRedisRefusesOne()
    {
        var parts = Parts(configure: ThreeQueues(strict: false));
        await Redis.StringSetAsync("asynq:{critical}:pending", "no list");
        await FillQueueAsync("low", 2);

        await RunTakenAsync(parts);

        Assert.That(Handled, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Fill_RemembersTheTake_WhenItsReplyGotLost()
    {
        var parts = Parts();
        await EnqueueAsync(NewTask("a"));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 1, FaultyStore.Fault.ReplyLost);

        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }), "nobody works on it");

        Time.Advance(TimeSpan.FromSeconds(31));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That((await StoredAsync("a")).Retried, Is.Zero, "it never ran");
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task Fill_RemembersTheTakeOfEveryQueue_WhenAllRepliesGotLost()
    {
        var parts = Parts(configure: options => options.Queues["sms"] = 1);
        await EnqueueAsync(NewTask("a"));
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Queue = "sms" }));
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 2, FaultyStore.Fault.ReplyLost);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        Time.Advance(TimeSpan.FromSeconds(31));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(
            (await ListAsync("asynq:{mail}:pending"), await ListAsync("asynq:{sms}:pending")),
            Is.EqualTo((new[] { "a" }, new[] { "b" })));
    }

    [Test]
    public async Task Fill_ForgetsTheTake_WhenItWasNeverSent()
    {
        var parts = Parts();
        await TakeNewAsync("theirs"); // by another worker, in the same second
        Faults.FailFirst(nameof(IQueueStore.TakeAsync), 1, FaultyStore.Fault.NotSent);
        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        Time.Advance(TimeSpan.FromSeconds(31));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);

        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "theirs" }));
        Assert.That(Faults.Calls, Has.None.EqualTo(nameof(IQueueStore.ReturnUntrackedAsync)));
    }

    [Test]
    public async Task Stop_RequeuesInOrder_WhatTheLastTakeBrought()
    {
        var parts = Parts(configure: options => options.Concurrency = 2);
        await EnqueueAsync(NewTask("a"), NewTask("b"), NewTask("c"));
        var fill = new TaskCompletionSource();
        Faults.Plan(name =>
        {
            // The stop comes while the take is on its way.
            if (name == nameof(IQueueStore.TakeAsync))
            {
                fill.TrySetResult();
                _ = parts.Processor.StopAsync();
            }

            return FaultyStore.Fault.None;
        });

        await parts.Processor.FillAsync();
        await WriteBackAsync(parts);

        Assert.That(Handled, Is.Empty);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
    }

    [Test]
    public async Task Fill_CallsABugABug_AndNoRefusalOfRedis()
    {
        var parts = Parts();
        Faults.Gate = (_, _) => throw new InvalidOperationException("bug");

        await parts.Processor.FillAsync();

        Assert.That(Log.Lines.Single().Message, Does.StartWith(
            "Taking tasks of queue mail failed because of a bug in Mirai"));
    }

    [Test]
    public async Task Fill_ServesTheOtherQueues_WhenTheShardOfOneIsAway()
    {
        var parts = Parts(configure: options => options.Queues["bad"] = 1);
        Faults.Gate = (_, queue) => queue == "bad"
            ? throw new TimeoutException("away on purpose")
            : Task.CompletedTask;
        await EnqueueAsync(NewTask("a"));

        var (started, _) = await parts.Processor.FillAsync();
        await parts.Processor.FillAsync();

        Assert.That(started, Is.EqualTo(1));
        Assert.That(
            Log.Lines.Select(line => line.Message),
            Has.One.StartsWith("Redis does not answer for queue bad: away on purpose."));
    }

    [Test]
    public async Task Start_StartsOneLoop_WhenItIsCalledTwice()
    {
        var parts = Parts();
        var taken = Faults.WhenReturned(nameof(IQueueStore.TakeAsync));
        parts.Processor.Start();
        await taken.WaitAsync(TimeSpan.FromSeconds(10));

        parts.Processor.Start();
        for (var trip = 0; trip < 10; trip++)
        {
            await Redis.PingAsync(); // a second loop would get to run
        }

        Assert.That(Faults.Calls, Has.Count.EqualTo(1), "no time has passed for a second poll");
        await parts.Processor.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Takes_HaveNoPartInTheTraceOfWhoeverStartsTheProcessor()
    {
        var parts = Parts();
        var current = new TaskCompletionSource<Activity?>();
        Faults.Plan(_ =>
        {
            current.TrySetResult(Activity.Current);
            return FaultyStore.Fault.None;
        });

        using (var request = new Activity("request").Start())
        {
            parts.Processor.Start();
            Assert.That(await current.Task.WaitAsync(TimeSpan.FromSeconds(10)), Is.Null);
        }

        await parts.Processor.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static Action<QueueServerOptions> ThreeQueues(bool strict) => options =>
    {
        options.Queues.Clear();
        options.Queues["critical"] = 6;
        options.Queues["default"] = 3;
        options.Queues["low"] = 1;
        options.StrictPriority = strict;
    };

    private async Task FillQueueAsync(string queue, int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(i => NewTask($"{queue}{i}", new EnqueueOptions { Queue = queue }))]);
        }
    }
}
