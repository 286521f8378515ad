using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorMatchingTests : InspectorTest
{
    [Test]
    public async Task Search_FindsByType()
    {
        await EnqueueAsync(
            NewTask("a", type: "mail:send"), NewTask("b", type: "mail:sendall"), NewTask("c", type: "sms:send"));

        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Pending) { Type = "mail:send" }),
            Is.EqualTo(new[] { "a" }));
        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Pending) { Type = "mail:*" }),
            Is.EqualTo(new[] { "a", "b" }));
        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Pending) { Type = "*" }),
            Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(await FindAsync(new TaskQuery("mail", TaskState.Pending)), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task Search_FindsByErrorText_InWhateverCase()
    {
        await FinishNewAsync(TaskOutcome.Archived, Now, "a", "b", "c");
        await SetErrorAsync("a", "Connection refused by peer");
        await SetErrorAsync("b", "timeout");

        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Archived) { Error = "CONNECTION REFUSED" }),
            Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Search_FindsByAge()
    {
        await FinishNewAsync(TaskOutcome.Archived, Now - 100, "old");
        await FinishNewAsync(TaskOutcome.Archived, Now - 10, "young");
        await EnqueueGroupAsync("one", "g");
        await EnqueueAsync(NewTask("p"));
        await EnqueueInAsync(TimeSpan.FromHours(1), "run by hand");
        await Inspector.RunTaskAsync("mail", "run by hand");
        var age = TimeSpan.FromSeconds(60);

        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Archived) { OlderThan = age }),
            Is.EqualTo(new[] { "old" }));
        Assert.That(await FindAsync(new TaskQuery("mail", TaskState.Pending) { OlderThan = age }), Is.Empty);
        Time.Advance(age);
        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Pending) { OlderThan = age }), Is.EqualTo(new[] { "p" }));
        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Aggregating) { Group = "one", OlderThan = age }),
            Is.EqualTo(new[] { "g" }));
    }

    [Test]
    public async Task Search_FindsByAge_OfWhatFailedAndOfWhatSucceeded()
    {
        await FinishNewAsync(TaskOutcome.Retry, Now + 500, "r", "r2");
        await FinishNewAsync(TaskOutcome.Completed, Now + 500, "c", "c2");
        await ChangeAsync("r", message => message.LastFailedAt = Now - 60);
        await ChangeAsync("r2", message => message.LastFailedAt = Now - 59);
        await ChangeAsync("c", message => message.CompletedAt = Now - 60);
        var age = TimeSpan.FromSeconds(60);

        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Retry) { OlderThan = age }), Is.EqualTo(new[] { "r" }));
        Assert.That(
            await FindAsync(new TaskQuery("mail", TaskState.Completed) { OlderThan = age }),
            Is.EqualTo(new[] { "c" }));
    }

    [TestCase(TaskState.Pending)]
    [TestCase(TaskState.Scheduled)]
    [TestCase(TaskState.Active)]
    public async Task Search_SeesEveryTask_OverManyCalls(TaskState state)
    {
        SkipsInvariants = true; // many tasks
        foreach (var chunk in Enumerable.Range(0, 1_000).Chunk(500))
        {
            var delay = state == TaskState.Scheduled ? TimeSpan.FromHours(1) : (TimeSpan?)null;
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i}", new EnqueueOptions { ProcessIn = delay }))]);
        }

        if (state == TaskState.Active)
        {
            await Store.TakeAsync("mail", 1_000, Now + 30, withPendingSince: false);
        }

        var (found, calls, query) = (new HashSet<string>(), 0, new TaskQuery("mail", state) { Limit = 200 });
        do
        {
            var step = await Inspector.SearchTasksAsync(query);
            found.UnionWith(step.Tasks.Select(task => task.Id));
            query = query with { Cursor = step.Cursor };
            calls++;
        }
        while (query.Cursor is not null);

        Assert.That(found, Has.Count.EqualTo(1_000));
        Assert.That(calls, Is.GreaterThan(3), "a call looks at a bounded number");
    }

    [Test]
    public async Task DeleteMatching_TakesPendingTasksOutOfTheMiddle_AndKeepsTheOrder()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}", type: i % 3 == 0 ? "bad" : "good"))]);

        var step = await Inspector.DeleteMatchingAsync(new TaskQuery("mail", TaskState.Pending) { Type = "bad" });

        Assert.That(step, Is.EqualTo(new BulkStep(150, null)));
        Assert.That(
            (await ListAsync("asynq:{mail}:pending")).Reverse(),
            Is.EqualTo(Enumerable.Range(0, 450).Where(i => i % 3 != 0).Select(i => $"t{i}")));
    }

    [Test]
    public async Task DeleteMatching_GoesOn_WithTheCursor()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}", type: i % 2 == 0 ? "bad" : "good"))]);
        var (count, query) = (0L, new TaskQuery("mail", TaskState.Pending) { Type = "bad", Limit = 1 });

        do
        {
            var step = await Inspector.DeleteMatchingAsync(query);
            count += step.Count;
            query = query with { Cursor = step.Cursor };
        }
        while (query.Cursor is not null);

        Assert.That(count, Is.EqualTo(225));
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(225));
    }

    [Test]
    public async Task DeleteMatching_GivesLocksBack_OfPendingTasksToo()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));

        await Inspector.DeleteMatchingAsync(new TaskQuery("mail", TaskState.Pending));

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task ArchiveMatching_ArchivesPendingTasks()
    {
        await EnqueueAsync(NewTask("a", type: "bad"), NewTask("b"), NewTask("c", type: "bad"));

        var step = await Inspector.ArchiveMatchingAsync(new TaskQuery("mail", TaskState.Pending) { Type = "bad" });

        Assert.That(step, Is.EqualTo(new BulkStep(2, null)));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", (double)Now), ("c", Now) }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "b" }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("archived"));
    }

    [Test]
    public async Task RunMatching_RunsWhatFailedWithAnError()
    {
        await FinishNewAsync(TaskOutcome.Archived, Now, "a", "b");
        await SetErrorAsync("a", "connection refused");

        var step = await Inspector.RunMatchingAsync(new TaskQuery("mail", TaskState.Archived) { Error = "refused" });

        Assert.That(step, Is.EqualTo(new BulkStep(1, null)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("b", (double)Now) }));
    }

    [Test]
    public async Task RescheduleMatching_MovesOnlyWhatIsMeant()
    {
        await FinishNewAsync(TaskOutcome.Retry, Now + 60, "a", "b");
        await SetErrorAsync("a", "connection refused");

        var step = await Inspector.RescheduleMatchingAsync(
            new TaskQuery("mail", TaskState.Retry) { Error = "refused" }, Time.GetUtcNow().AddHours(1));

        Assert.That(step, Is.EqualTo(new BulkStep(1, null)));
        Assert.That(
            await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("b", (double)Now + 60), ("a", Now + 3_600) }));
    }

    [Test]
    public async Task CancelMatching_CancelsOnlyTheType()
    {
        await EnqueueAsync(NewTask("a", type: "slow"), NewTask("b"));
        await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);

        var step = await Inspector.CancelMatchingAsync(new TaskQuery("mail", TaskState.Active) { Type = "slow" });

        Assert.That(step, Is.EqualTo(new BulkStep(1, null)));
    }

    [Test]
    public async Task Matching_RefuseWhatCannotBeMeant()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        await EnqueueAsync(NewTask("p"));

        await RefusesAsync(
            new TaskQuery("mail", TaskState.Scheduled) { OlderThan = TimeSpan.FromHours(1) }, "OlderThan");
        await RefusesAsync(
            new TaskQuery("mail", TaskState.Pending) { OlderThan = TimeSpan.FromHours(-1) }, "OlderThan");
        await RefusesAsync(new TaskQuery("mail", TaskState.Pending) { Cursor = "-1" }, "cursor");
        await RefusesAsync(new TaskQuery("mail", TaskState.Scheduled) { Cursor = "x" }, "cursor");
        await RefusesAsync(new TaskQuery("mail", TaskState.Pending) { Group = "one" }, "group");
        await RefusesAsync(new TaskQuery("mail", TaskState.Aggregating), "group");
        await Assert.ThatAsync(
            () => Inspector.RunMatchingAsync(new TaskQuery("mail", TaskState.Pending)), Throws.ArgumentException);
        await Assert.ThatAsync(
            () => Inspector.SearchTasksAsync(new TaskQuery("nowhere", TaskState.Pending)),
            Throws.TypeOf<QueueNotFoundException>());
        Assert.That(
            () => new TaskQuery("mail", TaskState.Pending) { Limit = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private Task RefusesAsync(TaskQuery query, string word) => Assert.ThatAsync(
        () => Inspector.SearchTasksAsync(query), Throws.InstanceOf<ArgumentException>().With.Message.Contains(word));

    private async Task<string[]> FindAsync(TaskQuery query) =>
        [.. (await Inspector.SearchTasksAsync(query)).Tasks.Select(task => task.Id).Order(StringComparer.Ordinal)];

    private static Task SetErrorAsync(string id, string error) => ChangeAsync(id, message => message.ErrorMsg = error);

    private static async Task ChangeAsync(string id, Action<TaskMessage> change)
    {
        var message = await StoredAsync(id);
        change(message);
        await SetMessageAsync(id, message);
    }
}
