using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreSchedulerTests : StoreTest
{
    private const string Periodic = "asynq:{mail}:periodic:digest";

    private static readonly PeriodicKey Key = new("mail", "digest");
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Test]
    public async Task RegisterEntry_BeginsWithItsMoment_WhenItIsNew()
    {
        var cursor = await Store.RegisterEntryAsync(Key, "UTC @daily", At(5), Week);

        Assert.That(cursor, Is.EqualTo(new PeriodicCursor(At(5), IsOfOtherSpec: false)));
        Assert.That(await HashAsync(Periodic), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["tick"] = $"{Now + 5}", ["spec"] = "UTC @daily",
        }));
        Assert.That(await Redis.KeyTimeToLiveAsync(Periodic), Is.EqualTo(Week).Within(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task RegisterEntry_TellsWhereTheLastOneStopped()
    {
        await Store.RegisterEntryAsync(Key, "UTC @daily", At(0), Week);
        await Store.EnqueueTickAsync(Order(60), NewTask("a"));

        Assert.That(
            await Store.RegisterEntryAsync(Key, "UTC @daily", At(90), Week),
            Is.EqualTo(new PeriodicCursor(At(60), IsOfOtherSpec: false)));
        Assert.That(
            await Store.RegisterEntryAsync(Key, "UTC @hourly", At(90), Week),
            Is.EqualTo(new PeriodicCursor(At(60), IsOfOtherSpec: true)));
        Assert.That(
            await Store.RegisterEntryAsync(Key, "UTC @hourly", At(90), Week),
            Is.EqualTo(new PeriodicCursor(At(60), IsOfOtherSpec: false)));
    }

    [Test]
    public async Task EnqueueTick_StoresTaskAndTick_WhenNobodyHas()
    {
        var task = NewTask("a");

        var reply = await Store.EnqueueTickAsync(Order(60), task);

        Assert.That(reply, Is.EqualTo(new TickReply(TickOutcome.Enqueued, At(60))));
        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["state"] = "pending", ["pending_since"] = $"{Now}000000000",
        }));
        Assert.That(await HashAsync(Periodic), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["tick"] = $"{Now + 60}", ["task"] = "a", ["by"] = "entry",
        }));
        Assert.That(await Redis.SetContainsAsync("asynq:queues", "mail"), Is.True);
    }

    [TestCase(60)]
    [TestCase(30)]
    public async Task EnqueueTick_ChangesNothing_WhenTickOrLaterOneIsSettled(int tick)
    {
        await Store.EnqueueTickAsync(Order(60), NewTask("a"));
        var before = await DumpAsync();

        var reply = await Store.EnqueueTickAsync(Order(tick) with { EntryId = "other" }, NewTask("b"));

        Assert.That(reply, Is.EqualTo(new TickReply(TickOutcome.SettledBefore, At(60))));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task EnqueueTick_SaysEnqueuedAgain_WhenItIsRepeatedAfterTheTaskRan()
    {
        await Store.EnqueueTickAsync(Order(60), NewTask("a"));
        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);
        await Store.FinishAsync("mail", [new(Lease("a"), TaskOutcome.Done)]);

        var reply = await Store.EnqueueTickAsync(Order(60), NewTask("a"));

        Assert.That(reply.Outcome, Is.EqualTo(TickOutcome.Enqueued));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:pending"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
    }

    [Test]
    public async Task EnqueueTick_SaysSettled_WhenAnotherEntryEnqueuedATaskOfTheSameId()
    {
        await Store.EnqueueTickAsync(Order(60), NewTask("fixed"));

        var reply = await Store.EnqueueTickAsync(Order(60) with { EntryId = "other" }, NewTask("fixed"));

        Assert.That(reply.Outcome, Is.EqualTo(TickOutcome.SettledBefore));
    }

    [TestCase("pending", true)]
    [TestCase("active", true)]
    [TestCase("scheduled", true)]
    [TestCase("retry", true)]
    [TestCase("aggregating", true)]
    [TestCase("archived", false)]
    [TestCase("completed", false)]
    [TestCase(null, false)]
    public async Task EnqueueTick_LeavesTickOut_WhileTheLastTaskIs(string? state, bool overlaps)
    {
        await Redis.HashSetAsync(Periodic, [new("tick", Now), new("task", "last")]);
        if (state is not null)
        {
            await Redis.HashSetAsync("asynq:{mail}:t:last", "state", state);
        }

        var skipping = await Store.EnqueueTickAsync(Order(60) with { SkipsOverlap = true }, NewTask("a"));
        var allowing = await Store.EnqueueTickAsync(Order(90), NewTask("b"));

        Assert.That(skipping.Outcome, Is.EqualTo(overlaps ? TickOutcome.Overlaps : TickOutcome.Enqueued));
        Assert.That(allowing.Outcome, Is.EqualTo(TickOutcome.Enqueued));
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(overlaps ? 1 : 2));
    }

    [Test]
    public async Task EnqueueTick_RemembersTheLastTask_WhenTicksAreLeftOut()
    {
        await Store.EnqueueTickAsync(Order(60), NewTask("a"));
        await Store.EnqueueTickAsync(Order(90) with { SkipsOverlap = true }, NewTask("b"));

        Assert.That(await HashAsync(Periodic), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["tick"] = $"{Now + 90}", ["task"] = "a", ["by"] = "",
        }));
    }

    [Test]
    public async Task EnqueueTick_SettlesTick_WhenTheIdIsTaken()
    {
        await EnqueueAsync(NewTask("a"));
        var task = NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) });

        var reply = await Store.EnqueueTickAsync(Order(60), task);

        Assert.That(reply, Is.EqualTo(new TickReply(TickOutcome.TaskIdConflict, At(60))));
        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
        Assert.That((await KeysAsync()).Where(key => key.Contains("unique", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task EnqueueTick_NamesTheOwner_WhenAnEqualTaskHoldsTheLock()
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        await Store.EnqueueTickAsync(Order(60), NewTask("a", unique));
        var task = NewTask("b", unique);

        var reply = await Store.EnqueueTickAsync(Order(90), task);

        Assert.That(reply, Is.EqualTo(new TickReply(TickOutcome.Duplicate, At(90))));
        Assert.That((task.Status, task.LockOwner), Is.EqualTo((EnqueueStatus.Duplicate, "a")));
        Assert.That((await FieldsAsync("a"))["unique_key"], Does.StartWith("asynq:{mail}:unique:mail:send:"));
    }

    [Test]
    public async Task EnqueueTick_Schedules_WhenTheTaskIsDueLater()
    {
        await Store.EnqueueTickAsync(
            Order(60), NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(30), Group = "g" }));

        Assert.That(await ZSetAsync("asynq:{mail}:scheduled"), Is.EqualTo(new[] { ("a", Now + 30d) }));
        Assert.That(
            await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "scheduled" }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task EnqueueTick_AddsToGroup_WithTheLockUnnamedAsInAsynq()
    {
        await Store.EnqueueTickAsync(
            Order(60), NewTask("a", new EnqueueOptions { Group = "g", UniqueFor = TimeSpan.FromMinutes(1) }));

        Assert.That(await ZSetAsync("asynq:{mail}:g:g"), Is.EqualTo(new[] { ("a", (double)Now) }));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "g"), Is.True);
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["state"] = "aggregating", ["group"] = "g",
        }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [TestCase(600, TickOutcome.SettledBefore)]
    [TestCase(601, TickOutcome.Enqueued)]
    public async Task EnqueueTick_PassesOverATickOfTheFarFuture(int settled, TickOutcome expected)
    {
        await Redis.HashSetAsync(Periodic, "tick", Now + settled);

        Assert.That((await Store.EnqueueTickAsync(Order(0), NewTask("a"))).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public async Task EnqueueTick_WakesWorkers_WhenTheQueueWasEmpty()
    {
        // A queue of its own: in a cluster, news from before may arrive late.
        var channel = RedisChannel.Literal("asynq:{ticks}:wake");
        var heard = await TestRedis.Connection.GetSubscriber().SubscribeAsync(channel);

        await Store.EnqueueTickAsync(
            Order(60) with { Key = new PeriodicKey("ticks", "digest") },
            NewTask("a", new EnqueueOptions { Queue = "ticks" }));

        var message = await heard.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(message.Message.ToString(), Is.Empty);
        await heard.UnsubscribeAsync();
    }

    [Test]
    public async Task RecordEvent_KeepsTheLastThousand()
    {
        for (var i = 0; i < 1_005; i++)
        {
            await Store.RecordEventAsync("e1", new SchedulerEnqueueEvent
            {
                TaskId = $"t{i}", EnqueueTime = Timestamp.FromDateTimeOffset(At(i)),
            });
        }

        var history = await Redis.SortedSetRangeByRankWithScoresAsync("asynq:scheduler_history:e1");
        Assert.That(history, Has.Length.EqualTo(1_000));
        Assert.That(SchedulerEnqueueEvent.Parser.ParseFrom((byte[])history[0].Element!).TaskId, Is.EqualTo("t5"));
        Assert.That(history[^1].Score, Is.EqualTo(Now + 1_004));
        Assert.That(
            await Redis.KeyTimeToLiveAsync("asynq:scheduler_history:e1"), Is.GreaterThan(TimeSpan.FromDays(89)));
    }

    [Test]
    public async Task WriteEntries_ReplacesThem_AndClearLeavesNothing()
    {
        var name = new SchedulerName("box", 7, "s1");
        var lifetime = TimeSpan.FromSeconds(20);
        await Store.WriteEntriesAsync(name, [Entry("a"), Entry("b")], lifetime);
        await Store.WriteEntriesAsync(name, [Entry("c"), Entry("d")], lifetime);

        var entries = (await Redis.ListRangeAsync("asynq:schedulers:{box:7:s1}"))
            .Select(entry => SchedulerEntry.Parser.ParseFrom((byte[])entry!).Id);
        Assert.That(entries, Is.EqualTo(new[] { "d", "c" }));
        Assert.That(
            await ZSetAsync("asynq:schedulers"), Is.EqualTo(new[] { ("asynq:schedulers:{box:7:s1}", Now + 20d) }));
        Assert.That(
            await Redis.KeyTimeToLiveAsync("asynq:schedulers:{box:7:s1}"),
            Is.EqualTo(lifetime).Within(TimeSpan.FromSeconds(10)));

        await Store.WriteEntriesAsync(name, [], lifetime);
        Assert.That(await Redis.KeyExistsAsync("asynq:schedulers:{box:7:s1}"), Is.False);
        await Store.ClearEntriesAsync(name);
        Assert.That(await KeysAsync(), Is.Empty);
    }

    private static DateTimeOffset At(int seconds) => DateTimeOffset.FromUnixTimeSeconds(Now + seconds);

    private static SchedulerEntry Entry(string id) => new() { Id = id };

    private static TickOrder Order(int tick) => new(Key, "entry", At(tick), SkipsOverlap: false, Week);

    private static async Task<Dictionary<string, string>> HashAsync(string key) => (await Redis.HashGetAllAsync(key))
        .ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());
}
