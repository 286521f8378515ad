using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Store;

/// <summary>An aggregate that takes the place of its set, and sets that go back.</summary>
internal sealed class RedisStoreAggregateTests : StoreTest
{
    private const string SetKey = "asynq:{mail}:g:user:42:s1";
    private static readonly GroupLimits Limits = new(60, 0, 0);

    [Test]
    public async Task EnqueueAggregate_LeavesNothingButTheAggregate_WhenItIsPending()
    {
        await StageAsync("a", "b");

        var outcome = await Store.EnqueueAggregateAsync(Set(), 2, NewTask("agg"));

        Assert.That(outcome, Is.EqualTo(AggregateOutcome.Done));
        Assert.That(
            await KeysAsync(), Is.EqualTo(new[] { "asynq:queues", "asynq:{mail}:pending", "asynq:{mail}:t:agg" }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "agg" }));
        Assert.That(await FieldsAsync("agg"), Is.EqualTo(new Dictionary<string, string>
        {
            ["state"] = "pending", ["pending_since"] = $"{Now + 60}000000000",
        }));
    }

    [Test]
    public async Task EnqueueAggregate_Schedules_WhenTheAggregateIsDueLater()
    {
        await StageAsync("a");

        var outcome = await Store.EnqueueAggregateAsync(
            Set(), 1, NewTask(
                "agg",
                new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(5), UniqueFor = TimeSpan.FromSeconds(10) }));

        Assert.That(outcome, Is.EqualTo(AggregateOutcome.Done));
        Assert.That(await ZSetAsync("asynq:{mail}:scheduled"), Is.EqualTo(new[] { ("agg", Now + 65d) }));
        var fields = await FieldsAsync("agg");
        Assert.That(
            (fields["state"], await Redis.StringGetAsync(fields["unique_key"])),
            Is.EqualTo(("scheduled", (RedisValue)"agg")));
        Assert.That(
            await Redis.KeyTimeToLiveAsync(fields["unique_key"]),
            Is.EqualTo(TimeSpan.FromSeconds(15)).Within(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task EnqueueAggregate_AddsToGroup_WhenTheAggregateHasOne()
    {
        await StageAsync("a");

        await Store.EnqueueAggregateAsync(
            Set(), 1, NewTask("agg", new EnqueueOptions { Group = "daily", UniqueFor = TimeSpan.FromSeconds(10) }));

        Assert.That(await ZSetAsync("asynq:{mail}:g:daily"), Is.EqualTo(new[] { ("agg", Now + 60d) }));
        Assert.That(await Redis.SetMembersAsync("asynq:{mail}:groups"), Is.EqualTo(new RedisValue[] { "daily" }));
        Assert.That(
            await FieldsAsync("agg"),
            Is.EqualTo(new Dictionary<string, string> { ["state"] = "aggregating", ["group"] = "daily" }));
    }

    [Test]
    public async Task EnqueueAggregate_ChangesNothing_WhenTheSetIsNotWhatWasRead()
    {
        await StageAsync("a", "b");
        var before = await DumpAsync();

        var other = await Store.EnqueueAggregateAsync(Set(), 3, NewTask("agg"));
        var gone = await Store.EnqueueAggregateAsync(Set() with { Id = "s2" }, 0, NewTask("agg"));

        Assert.That((other, gone), Is.EqualTo((AggregateOutcome.SetGone, AggregateOutcome.SetGone)));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task EnqueueAggregate_ChangesNothing_WhenItsIdIsTakenOrItsLockHeld()
    {
        await StageAsync("a");
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        await EnqueueAsync(NewTask("taken", unique));
        var before = await DumpAsync();

        var conflict = await Store.EnqueueAggregateAsync(Set(), 1, NewTask("taken", unique, payload: "other"));
        var duplicate = await Store.EnqueueAggregateAsync(Set(), 1, NewTask("agg", unique));

        Assert.That((conflict, duplicate), Is.EqualTo((AggregateOutcome.TaskIdConflict, AggregateOutcome.Duplicate)));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task EnqueueAggregate_StoresOnce_WhenItIsRepeatedAfterALostReply()
    {
        await StageAsync([.. Enumerable.Range(0, 750).Select(i => $"t{i}")]);

        var first = await Store.EnqueueAggregateAsync(Set(), 750, NewTask("agg"));
        var second = await Store.EnqueueAggregateAsync(Set(), 750, NewTask("agg"));
        var left = await Store.DeleteAggregatedAsync(Set());
        var third = await Store.EnqueueAggregateAsync(Set(), 750, NewTask("agg"));

        Assert.That(
            (first, second, left, third),
            Is.EqualTo((AggregateOutcome.DeletionsLeft, AggregateOutcome.DeletionsLeft, 0, AggregateOutcome.SetGone)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "agg" }));
        Assert.That(await KeysAsync(), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task AggregatedSet_IsNeverReturnedToItsGroup_ByMiraiOrGo()
    {
        await StageAsync([.. Enumerable.Range(0, 750).Select(i => $"t{i}")]);
        await Store.EnqueueAggregateAsync(Set(), 750, NewTask("agg"));
        Time.Advance(TimeSpan.FromDays(365));

        var own = await Store.ReturnSetAsync(Set());
        var left = await Store.ListLeftSetsAsync("mail");

        // Go puts back what has a deadline up to now.
        Assert.That(await Redis.SortedSetRangeByScoreAsync("asynq:{mail}:aggregation_sets", stop: Time.GetUtcNow().ToUnixTimeSeconds()), Is.Empty);
        Assert.That(own, Is.EqualTo((0, 0)));
        Assert.That(left, Is.EqualTo(new[] { Set() with { Deadline = 253_402_300_799 } }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task DeleteAggregated_ChangesNothing_WhileTheAggregateIsNotEnqueued()
    {
        await StageAsync("a");
        var before = await DumpAsync();

        Assert.That(await Store.DeleteAggregatedAsync(Set()), Is.Zero);
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task ReturnSet_PutsTasksBackWithTheirTimes_AndTheGroupOnTheList()
    {
        await StageAsync("a", "b");
        await Redis.KeyDeleteAsync("asynq:{mail}:groups");

        var (returned, left) = await Store.ReturnSetAsync(Set());

        Assert.That((returned, left), Is.EqualTo((2, 0)));
        Assert.That(
            await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("a", (double)Now), ("b", (double)Now) }));
        Assert.That(await Redis.SetMembersAsync("asynq:{mail}:groups"), Is.EqualTo(new RedisValue[] { "user:42" }));
        Assert.That(await Redis.KeyExistsAsync(SetKey), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:aggregation_sets"), Is.False);
    }

    [Test]
    public async Task ReturnSet_KeepsTheAggregateOut_AsSoonAsOneTaskIsBack()
    {
        await StageAsync([.. Enumerable.Range(0, 750).Select(i => $"t{i}")]);

        var step = await Store.ReturnSetAsync(Set());
        var late = await Store.EnqueueAggregateAsync(Set(), 750, NewTask("agg"));

        Assert.That(step, Is.EqualTo((500, 250)));
        Assert.That(late, Is.EqualTo(AggregateOutcome.SetGone));
        Assert.That(await Store.ReturnSetAsync(Set()), Is.EqualTo((250, 0)));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(750));
    }

    [TestCase(119, 0)]
    [TestCase(120, 1)]
    public async Task ListLeftSets_ListsSets_FromTheirDeadlineOn(int secondsLater, int expected)
    {
        await StageAsync("a");

        Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(Now + secondsLater));

        Assert.That(await Store.ListLeftSetsAsync("mail"), Has.Count.EqualTo(expected));
    }

    [TestCase("asynq:{mail}:g:user:42:5f1c", "user:42")]
    [TestCase("asynq:{mail}:g::5f1c", null)]
    [TestCase("asynq:{mail}:g:5f1c", null)]
    [TestCase("asynq:{other}:g:user:5f1c", null)]
    public void Parse_FindsTheGroup_BeforeTheLastColon(string key, string? group) =>
        Assert.That(AggregationSet.Parse("mail", key, deadline: 1)?.Group, Is.EqualTo(group));

    private static AggregationSet Set() => new("mail", "user:42", "s1", Now + 120);

    private async Task StageAsync(params string[] ids)
    {
        await EnqueueAsync([.. ids.Select(id => NewTask(id, new EnqueueOptions { Group = "user:42" }))]);
        Time.Advance(TimeSpan.FromSeconds(60));
        while ((await Store.StageGroupAsync(Set(), Limits, bytes: 1_000_000)).HasMore)
        {
            // The next batch.
        }
    }
}
