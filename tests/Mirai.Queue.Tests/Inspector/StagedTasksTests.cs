using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>Tasks that are being aggregated are counted and listed with their group.</summary>
internal sealed class StagedTasksTests : InspectorTest
{
    [Test]
    public async Task FindQueue_CountsTasks_WhileTheyAreAggregated()
    {
        await StageAsync("s1", "a", "b");
        await EnqueueGroupAsync("one", "c");

        Assert.That((await Inspector.FindQueueAsync("mail"))!.Aggregating, Is.EqualTo(3));
        Assert.That(await Inspector.ListGroupsAsync("mail"), Is.EqualTo(new[] { new GroupInfo("one", 3) }).UsingPropertiesComparer());
    }

    [Test]
    public async Task ListGroups_NamesTheGroup_WhenAllItsTasksAreBeingAggregated()
    {
        await StageAsync("s1", "a", "b");

        Assert.That(await Inspector.ListGroupsAsync("mail"), Is.EqualTo(new[] { new GroupInfo("one", 2) }).UsingPropertiesComparer());
    }

    [Test]
    public async Task Lists_DoNotShowTasks_WhoseAggregateIsInItsQueue()
    {
        await StageAsync("s1", "a");
        await Redis.SortedSetAddAsync(
            "asynq:{mail}:aggregation_sets", "asynq:{mail}:g:one:s1", AggregationSet.AggregatedDeadline);

        Assert.That((await Inspector.FindQueueAsync("mail"))!.Aggregating, Is.Zero);
        Assert.That(await Inspector.ListGroupsAsync("mail"), Is.Empty);
        Assert.That(await Inspector.ListTasksAsync(Group("one")), Is.Empty);
    }

    [Test]
    public async Task ListTasks_ListsTasksOfSetsBeforeThoseOfTheGroup_PageByPage()
    {
        await StageAsync("s1", "a", "b", "c");
        await StageAsync("s2", "d");
        await EnqueueGroupAsync("one", "e", "f");
        await EnqueueGroupAsync("other", "x");
        var (ids, cursor) = (new List<string>(), (string?)null);

        do
        {
            var page = await Inspector.ListTasksAsync(Group("one"), new Paging { Size = 2, Cursor = cursor });
            Assert.That(page, Has.Count.LessThanOrEqualTo(2));
            Assert.That(page.Select(task => task.State), Is.All.EqualTo(TaskState.Aggregating));
            ids.AddRange(page.Select(task => task.Id));
            cursor = page.Cursor;
        }
        while (cursor is not null);

        Assert.That(ids, Is.EqualTo(new[] { "a", "b", "c", "d", "e", "f" }));
    }

    [Test]
    public async Task ListTasks_FindsMatches_WhileTheyAreAggregated()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Group = "one" }, type: "mail:digest"));
        await StageAsync("s1", "b");
        await EnqueueGroupAsync("one", "c");

        var matches = await Inspector.ListTasksAsync(Group("one", new TaskFilter { Type = "mail:send" }));

        Assert.That(matches.Select(task => task.Id), Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public async Task FindQueue_EstimatesTasks_WhenThereAreHundredsOfSets()
    {
        await EnqueueGroupAsync("one", "a");
        for (var i = 0; i < 400; i++)
        {
            var set = QueueKeys.Of("mail").AggregationSet("one", $"s{i}");
            await Redis.SortedSetAddAsync(set, [new($"t{2 * i}", Now), new($"t{(2 * i) + 1}", Now)]);
            await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", set, Now + i);
        }

        SkipsInvariants = true; // the tasks of the sets have no hashes

        Assert.That((await Inspector.FindQueueAsync("mail"))!.Aggregating, Is.EqualTo(801));
    }

    private async Task StageAsync(string set, params string[] ids)
    {
        await EnqueueGroupAsync("one", ids);
        var staged = await Store.StageGroupAsync(
            new AggregationSet("mail", "one", set, Now + 120), new GroupLimits(0, 0, 0), bytes: 1_000);
        Assert.That(staged.Size, Is.GreaterThanOrEqualTo(ids.Length));
    }
}
