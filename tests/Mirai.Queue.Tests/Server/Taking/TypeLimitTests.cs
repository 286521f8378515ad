using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class TypeLimitTests : LimitTest
{
    [Test]
    public async Task TypeLimit_PutsTasksOff_WithoutATrace()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 3));
        await EnqueueAsync(Tasks("b", 1));
        var message = await Redis.HashGetAsync("asynq:{mail}:t:mail-ai001", "msg");

        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-ai000", "mail-b000" }));
        Assert.That(
            await ZSetAsync("asynq:{mail}:retry"),
            Is.EqualTo(new[] { ("mail-ai001", Now + 2d), ("mail-ai002", Now + 2d) }));
        Assert.That(
            (byte[]?)await Redis.HashGetAsync("asynq:{mail}:t:mail-ai001", "msg"), Is.EqualTo((byte[]?)message));
        Assert.That(
            await FieldsAsync("mail-ai001"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "retry" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EquivalentTo(new[] { "mail-b000", "mail-ai000" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:processed"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task TypeLimit_TakesTasksBackInOrder_AsSoonAsThereIsRoom()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 2);
        await EnqueueAsync(Tasks("ai", 6));
        await FillAsync(parts);

        await EndAsync(parts, "mail-ai000", "mail-ai001");
        await FillAsync(parts);
        Assert.That(Running, Is.EqualTo(new[] { "mail-ai002", "mail-ai003" }));

        await EndAsync(parts, "mail-ai002");
        await FillAsync(parts);
        Assert.That(Running, Is.EqualTo(new[] { "mail-ai003", "mail-ai004" }));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("mail-ai005", Now + 2d) }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task TypeLimit_PrefersWhatWasPutOff_ToWhatCameLater()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 2));
        await FillAsync(parts);
        await EnqueueAsync(NewTask("later", type: "mail:ai"));

        await EndAsync(parts, "mail-ai000");
        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-ai001" }));
    }

    [Test]
    public async Task TypeLimit_HoldsForAllTypesThatBeginSo_AcrossQueues()
    {
        var parts = HoldingParts(options =>
        {
            options.Queues["other"] = 1;
            options.TypeLimits["mail:ai"] = 2;
            options.TypeLimits["mail:ai:small"] = 3;
        });
        await EnqueueAsync(Tasks("ai:x", 3));
        await EnqueueAsync(Tasks("ai:y", 3, "other"));
        await EnqueueAsync(Tasks("ai:small", 5));

        await FillAsync(parts);

        Assert.That(Running.Count(id => id.Contains("small", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(Running.Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task TypeLimit_DoesNotHoldOtherTypesUp_ThatStandBehindInTheQueue()
    {
        var parts = HoldingParts(options => (options.Concurrency, options.TypeLimits["mail:ai"]) = (3, 1));
        await EnqueueAsync(Tasks("ai", 400));
        await EnqueueAsync(Tasks("b", 2));

        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-ai000", "mail-b000", "mail-b001" }));
    }

    [Test]
    public async Task TypeLimit_DoesNotHoldOtherQueuesUp()
    {
        var parts = HoldingParts(options =>
        {
            (options.Concurrency, options.Queues["mail"], options.Queues["low"]) = (5, 9, 1);
            options.TypeLimits["mail:ai"] = 1;
        });
        await EnqueueAsync(Tasks("ai", 900));
        await EnqueueAsync(Tasks("b", 10, "low"));

        while (parts.Running.Free > 0)
        {
            await parts.Processor.FillAsync();
        }

        Assert.That(
            await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.GreaterThan(500), "not after the long queue");
        Assert.That(await Redis.ListLengthAsync("asynq:{low}:active"), Is.EqualTo(4));
    }

    [Test]
    public async Task TypeLimit_ComesBackToQueuesThatWereEmpty_WhileALongOneIsGoneThrough()
    {
        var parts = HoldingParts(options =>
        {
            (options.Concurrency, options.Queues["low"]) = (3, 1);
            options.TypeLimits["mail:ai"] = 1;
        });
        await EnqueueAsync(Tasks("ai", 400));

        Assert.That(
            await parts.Processor.FillAsync(), Is.EqualTo((1, true)), "it goes on, but looks at every queue again");

        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.GreaterThan(300));
    }

    [Test]
    public async Task TypeLimit_KeepsTheSharesOfTheQueues()
    {
        var parts = HoldingParts(options =>
        {
            (options.Concurrency, options.Queues["mail"], options.Queues["low"]) = (13, 3, 1);
            options.TypeLimits["mail:ai"] = 1;
        });
        await EnqueueAsync(NewTask("stuck", type: "mail:ai"));
        await FillAsync(parts);
        for (var i = 0; i < 6; i++) // half of the heavier queue is over the limit
        {
            await EnqueueAsync([.. Enumerable.Range(0, 500).Select(
                j => NewTask($"m{i}-{j}", type: j / 3 % 2 == 0 ? "mail:b" : "mail:ai"))]);
        }

        await EnqueueAsync(Tasks("b", 1_500, "low"));
        var started = new List<string>();
        while (started.Count < 1_800)
        {
            await parts.Processor.FillAsync();
            await WaitAsync(() => Running.Count() == parts.Running.Count);
            string[] batch = [.. Running.Except(["stuck"])];
            started.AddRange(batch);
            await EndAsync(parts, batch);
        }

        var share = started.Count(id => id.StartsWith('m')) / (double)started.Count;
        Assert.That(share, Is.EqualTo(0.75).Within(0.015));
    }

    [Test]
    public async Task PutOffTask_RunsElsewhere_WhenItIsDue()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 3));
        await FillAsync(parts);

        // Another worker, perhaps Go: it forwards and takes.
        Time.Advance(TimeSpan.FromSeconds(2));
        await Store.ForwardAsync("mail");
        var taken = await Store.TakeAsync("mail", 1, Now + 32, withPendingSince: false);
        await EndAsync(parts, "mail-ai000");
        await FillAsync(parts);

        Assert.That(taken.Tasks.Single().Id, Is.EqualTo("mail-ai001"));
        Assert.That(Running, Is.EqualTo(new[] { "mail-ai002" }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task PutOffTasks_ComeBackSpreadOverTime_WhenThereAreMany()
    {
        var parts = HoldingParts(options => (options.Concurrency, options.TypeLimits["mail:ai"]) = (500, 1));
        await EnqueueAsync(Tasks("ai", 3_000));

        await FillAsync(parts);

        var due = (await ZSetAsync("asynq:{mail}:retry")).Select(entry => entry.Item2).ToList();
        Assert.That(due, Has.Count.EqualTo(2_999));
        Assert.That(due.Min(), Is.EqualTo(Now + 2));
        Assert.That(due.Max(), Is.InRange(Now + 15, Now + 17));
        Assert.That(due.GroupBy(second => second).Max(second => second.Count()), Is.LessThanOrEqualTo(201));
    }

    [Test]
    public async Task PutOffTasks_AreAllRun_WhenThereAreMoreThanAnybodyRemembers()
    {
        var parts = HoldingParts(options => (options.Concurrency, options.TypeLimits["mail:ai"]) = (500, 400));
        await EnqueueAsync(Tasks("ai", 3_000));
        var ended = new HashSet<string>();
        for (var i = 0; ended.Count < 3_000; i++)
        {
            Assert.That(i, Is.LessThan(200));
            await FillAsync(parts);
            string[] batch = [.. Running];
            Assert.That(batch, Has.Length.LessThanOrEqualTo(400));
            Assert.That(batch.Count(id => !ended.Add(id)), Is.Zero, "run twice");
            await EndAsync(parts, batch);
            Time.Advance(TimeSpan.FromSeconds(1));
            await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        }

        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(3_000));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
        Assert.That(await KeysAsync(), Has.None.Contains(":t:"));
    }

    [TestCase(FaultyStore.Fault.NotSent)]
    [TestCase(FaultyStore.Fault.ReplyLost)]
    public async Task PutOffTask_IsNotLostNorCharged_WhenRedisDoesNotAnswer(FaultyStore.Fault fault)
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 2));
        await FillAsync(parts);
        await EndAsync(parts, "mail-ai000");
        Faults.FailFirst(nameof(IQueueStore.TakeWaitingAsync), 1, fault);

        Assert.That(
            () => parts.Processor.FillAsync(), Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        Time.Advance(TimeSpan.FromSeconds(31));
        await parts.Recoverer.RunOnceAsync(CancellationToken.None);
        await parts.Forwarder.RunOnceAsync(CancellationToken.None);
        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-ai001" }));
        Assert.That((await StoredAsync("mail-ai001")).Retried, Is.Zero);
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task PutOffTask_IsTakenBack_ThoughItsWriteHadToBeRepeated()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 2));
        Faults.FailFirst(nameof(IQueueStore.FinishAsync), 1, FaultyStore.Fault.ReplyLost);
        var fill = FillAsync(parts);
        await PassTimeUntilAsync(() => Task.FromResult(fill.IsCompleted));

        await EndAsync(parts, "mail-ai000");
        await FillAsync(parts);

        Assert.That(Running, Is.EqualTo(new[] { "mail-ai001" }));
    }

    [Test]
    public async Task Stop_LeavesPutOffTasksToOthers()
    {
        var parts = HoldingParts(options => options.TypeLimits["mail:ai"] = 1);
        await EnqueueAsync(Tasks("ai", 2));
        await FillAsync(parts);

        await parts.Processor.StopAsync();
        await EndAsync(parts, "mail-ai000");

        Assert.That(await parts.Processor.FillAsync(), Is.EqualTo((0, false)));
        Assert.That(await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("mail-ai001", Now + 2d) }));
        Assert.That((await StoredAsync("mail-ai001")).Retried, Is.Zero);
        Assert.That(WireTime.ToSeconds(Time.GetUtcNow()), Is.EqualTo(Now));
    }
}
