using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Store;

/// <summary>Groups that become due, and their tasks on the way into an aggregation set.</summary>
internal sealed class RedisStoreGroupsTests : StoreTest
{
    private const long AnyBytes = 1_000_000;
    private static readonly EnqueueOptions InGroup = new() { Group = "user:42" };

    [TestCase(59, false)]
    [TestCase(60, true)]
    public async Task Stage_TakesGroup_WhenNobodyAddedForTheGracePeriod(int secondsLater, bool isDue)
    {
        await EnqueueAsync(NewTask("a", InGroup));
        Time.Advance(TimeSpan.FromSeconds(30));
        await EnqueueAsync(NewTask("b", InGroup));

        Time.Advance(TimeSpan.FromSeconds(secondsLater));
        var (due, staged) = await LookAndStageAsync(new GroupLimits(60, 0, 0));

        Assert.That(due.Names, Is.EqualTo(isDue ? new[] { "user:42" } : []));
        Assert.That(staged.Size, Is.EqualTo(isDue ? 2 : 0));
        Assert.That(
            due.NextDue, Is.EqualTo(isDue ? null : (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now + 90)));
    }

    [TestCase(99, false)]
    [TestCase(100, true)]
    public async Task Stage_TakesGroup_WhenItsFirstTaskHasWaitedForTheLongestDelay(int secondsLater, bool isDue)
    {
        await EnqueueAsync(NewTask("a", InGroup));
        Time.Advance(TimeSpan.FromSeconds(secondsLater));
        await EnqueueAsync(NewTask("b", InGroup));

        var (due, staged) = await LookAndStageAsync(new GroupLimits(60, 100, 0));

        Assert.That(due.Names, Is.EqualTo(isDue ? new[] { "user:42" } : []));
        Assert.That(staged.Size, Is.EqualTo(isDue ? 2 : 0));
        Assert.That(
            due.NextDue, Is.EqualTo(isDue ? null : (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(Now + 100)));
    }

    [TestCase(2, 0)]
    [TestCase(3, 3)]
    [TestCase(4, 3)]
    public async Task Stage_TakesAsManyAsMakeAGroupFull_WhenItIs(int added, int expected)
    {
        await EnqueueAsync([.. Enumerable.Range(0, added).Select(i => NewTask($"t{i}", InGroup))]);

        var (due, staged) = await LookAndStageAsync(new GroupLimits(60, 0, 3));

        Assert.That(due.Names, Has.Count.EqualTo(expected > 0 ? 1 : 0));
        Assert.That((staged.Size, staged.HasMore), Is.EqualTo((expected, false)));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(added - expected));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "user:42"), Is.EqualTo(added != expected));
    }

    [Test]
    public async Task Stage_MovesTasksWithTheirTimes_IntoASetWithADeadline()
    {
        await EnqueueAsync(NewTask("b", InGroup), NewTask("a", InGroup));
        Time.Advance(TimeSpan.FromSeconds(1));
        await EnqueueAsync(NewTask("c", InGroup));

        await Store.StageGroupAsync(Set(Now + 121), new GroupLimits(60, 0, 2), AnyBytes);

        Assert.That(
            await ZSetAsync("asynq:{mail}:g:user:42:s1"),
            Is.EqualTo(new[] { ("a", (double)Now), ("b", (double)Now) }));
        Assert.That(await ZSetAsync("asynq:{mail}:g:user:42"), Is.EqualTo(new[] { ("c", Now + 1d) }));
        Assert.That(
            await ZSetAsync("asynq:{mail}:aggregation_sets"),
            Is.EqualTo(new[] { ("asynq:{mail}:g:user:42:s1", Now + 121d) }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("aggregating"));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task Stage_GoesOnWithItsSet_WhenTheGroupIsLargerThanABatch()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 750).Select(i => NewTask($"t{i}", InGroup))]);
        Time.Advance(TimeSpan.FromSeconds(60));
        var limits = new GroupLimits(60, 0, 0);

        var first = await Store.StageGroupAsync(Set(), limits, AnyBytes);
        await EnqueueAsync(NewTask("late", InGroup));
        var second = await Store.StageGroupAsync(Set(), limits, AnyBytes);

        Assert.That((first.Size, first.HasMore), Is.EqualTo((500, true)));
        Assert.That((second.Size, second.HasMore), Is.EqualTo((751, false)));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:groups"), Is.False);
    }

    [Test]
    public async Task Stage_NeverExceedsAFullSet_WhenItIsRepeatedAfterALostReply()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 5).Select(i => NewTask($"t{i}", InGroup))]);
        var limits = new GroupLimits(60, 0, 2);

        await Store.StageGroupAsync(Set(), limits, AnyBytes);
        var again = await Store.StageGroupAsync(Set(), limits, AnyBytes);

        Assert.That((again.Size, again.HasMore), Is.EqualTo((2, false)));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:g:user:42"), Is.EqualTo(3));
    }

    [Test]
    public async Task Stage_StopsAfterTheTaskThatCrossesTheSize_WhenMessagesAreLarge()
    {
        var payload = new string('x', 1_000);
        await EnqueueAsync([.. Enumerable.Range(0, 5).Select(i => NewTask($"t{i}", InGroup, payload: payload))]);
        Time.Advance(TimeSpan.FromSeconds(60));

        var staged = await Store.StageGroupAsync(Set(), new GroupLimits(60, 0, 0), bytes: 1_500);

        Assert.That((staged.Size, staged.HasMore), Is.EqualTo((2, true)));
        Assert.That(staged.Bytes, Is.InRange(2_000, 3_000));
    }

    [Test]
    public async Task Stage_DropsGhosts_WhenTasksOfTheGroupAreGone()
    {
        await EnqueueAsync(NewTask("ghost", InGroup), NewTask("a", InGroup));
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        Time.Advance(TimeSpan.FromSeconds(60));

        var staged = await Store.StageGroupAsync(Set(), new GroupLimits(60, 0, 0), AnyBytes);

        Assert.That(staged.Size, Is.EqualTo(1));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    [Test]
    public async Task FindDueGroups_ForgetsNames_WhoseGroupIsEmpty()
    {
        await Redis.SetAddAsync("asynq:{mail}:groups", "gone");

        var due = await Store.FindDueGroupsAsync("mail", new GroupLimits(60, 0, 1), cursor: 0);

        Assert.That((due.Names.Count, due.NextDue, due.Cursor), Is.EqualTo((0, (DateTimeOffset?)null, 0L)));
        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task FindDueGroups_FindsAllInPages_WhenThereAreMany()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 400).Select(i => NewTask($"t{i}", new EnqueueOptions { Group = $"g{i}" }))]);
        var (names, pages, cursor) = (new HashSet<string>(), 0, 0L);

        do
        {
            var page = await Store.FindDueGroupsAsync("mail", new GroupLimits(60, 0, 1), cursor);
            names.UnionWith(page.Names);
            (pages, cursor) = (pages + 1, page.Cursor);
        }
        while (cursor != 0);

        Assert.That(names, Has.Count.EqualTo(400));
        Assert.That(pages, Is.GreaterThan(1));
    }

    [Test]
    public async Task ReadSet_ReadsInTheOrderOfAdding_AndInPages()
    {
        await EnqueueAsync(NewTask("z", InGroup, payload: "1"));
        Time.Advance(TimeSpan.FromSeconds(1));
        await EnqueueAsync(NewTask("a", InGroup, payload: "2"), NewTask("b", InGroup, payload: "3"));
        await Store.StageGroupAsync(Set(), new GroupLimits(60, 0, 3), AnyBytes);

        var all = await Store.ReadSetAsync(Set(), skip: 0);
        var rest = await Store.ReadSetAsync(Set(), skip: 2);

        Assert.That(
            all.Select(task => (task.TaskId, task.Message!.Payload.ToStringUtf8())),
            Is.EqualTo(new[] { ("z", "1"), ("a", "2"), ("b", "3") }));
        Assert.That(rest.Select(task => task.TaskId), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task SetAside_ArchivesUnreadableAndDropsGhosts()
    {
        await EnqueueAsync(NewTask("ghost", InGroup), NewTask("odd", InGroup), NewTask("a", InGroup));
        await Store.StageGroupAsync(Set(), new GroupLimits(60, 0, 3), AnyBytes);
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:odd", "msg", "\xff");

        var read = await Store.ReadSetAsync(Set(), skip: 0);
        var archived = await Store.QuarantineAsync(Set(), ["ghost", "odd", "not there"]);

        Assert.That(
            read.Where(task => task.Message is null).Select(task => task.TaskId),
            Is.EquivalentTo(new[] { "ghost", "odd" }));
        Assert.That(archived, Is.EqualTo(1));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("odd", (double)Now) }));
        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
    }

    private static AggregationSet Set(long deadline = Now + 120) => new("mail", "user:42", "s1", deadline);

    private async Task<(DueGroups Due, StagedTasks Staged)> LookAndStageAsync(GroupLimits limits) => (
        await Store.FindDueGroupsAsync("mail", limits, cursor: 0),
        await Store.StageGroupAsync(Set(), limits, AnyBytes));
}
