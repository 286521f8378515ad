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
            await FindAsync(In(TaskState.Pending, new TaskFilter { Type = "mail:send" })),
            Is.EqualTo(new[] { "a" }));
        Assert.That(
            await FindAsync(In(TaskState.Pending, new TaskFilter { Type = "mail:*" })),
            Is.EqualTo(new[] { "a", "b" }));
        Assert.That(
            await FindAsync(In(TaskState.Pending, new TaskFilter { Type = "*" })),
            Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(await FindAsync(In(TaskState.Pending, new TaskFilter())), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task Search_FindsByErrorText_InWhateverCase()
    {
        await FinishNewAsync(TaskOutcome.Archived, Now, "a", "b", "c");
        await SetErrorAsync("a", "Connection refused by peer");
        await SetErrorAsync("b", "timeout");

        Assert.That(
            await FindAsync(In(TaskState.Archived, new TaskFilter { Error = "CONNECTION REFUSED" })),
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
        await Inspector.RunTasksAsync(One("run by hand"));
        var age = TimeSpan.FromSeconds(60);

        Assert.That(
            await FindAsync(In(TaskState.Archived, new TaskFilter { OlderThan = age })),
            Is.EqualTo(new[] { "old" }));
        Assert.That(await FindAsync(In(TaskState.Pending, new TaskFilter { OlderThan = age })), Is.Empty);
        Time.Advance(age);
        Assert.That(
            await FindAsync(In(TaskState.Pending, new TaskFilter { OlderThan = age })), Is.EqualTo(new[] { "p" }));
        Assert.That(
            await FindAsync(Group("one", new TaskFilter { OlderThan = age })),
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
            await FindAsync(In(TaskState.Retry, new TaskFilter { OlderThan = age })), Is.EqualTo(new[] { "r" }));
        Assert.That(
            await FindAsync(In(TaskState.Completed, new TaskFilter { OlderThan = age })),
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

        var (found, calls, cursor) = (new HashSet<string>(), 0, (string?)null);
        do
        {
            var page = await Inspector.ListTasksAsync(
                In(state, new TaskFilter()), new Paging { Size = 200, Cursor = cursor });
            found.UnionWith(page.Select(task => task.Id));
            cursor = page.Cursor;
            calls++;
        }
        while (cursor is not null);

        Assert.That(found, Has.Count.EqualTo(1_000));
        Assert.That(calls, Is.GreaterThan(3), "a call looks at a bounded number");
    }

    [Test]
    public async Task DeleteMatching_TakesPendingTasksOutOfTheMiddle_AndKeepsTheOrder()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}", type: i % 3 == 0 ? "bad" : "good"))]);

        var step = await Inspector.DeleteTasksAsync(In(TaskState.Pending, new TaskFilter { Type = "bad" }));

        Assert.That((step.Count, step.Cursor), Is.EqualTo((150L, (string?)null)));
        Assert.That(
            (await ListAsync("asynq:{mail}:pending")).Reverse(),
            Is.EqualTo(Enumerable.Range(0, 450).Where(i => i % 3 != 0).Select(i => $"t{i}")));
    }

    [Test]
    public async Task DeleteMatching_GoesOn_WithTheCursor()
    {
        await EnqueueAsync(
            [.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}", type: i % 2 == 0 ? "bad" : "good"))]);
        var (count, steps, cursor) = (0L, 0, (string?)null);

        do
        {
            var step = await Inspector.DeleteTasksAsync(
                In(TaskState.Pending, new TaskFilter { Type = "bad" }), new Paging { Size = 1, Cursor = cursor });
            count += step.Count;
            cursor = step.Cursor;
            steps++;
        }
        while (cursor is not null);

        Assert.That(steps, Is.GreaterThan(1), "a call examines a bounded number of tasks");
        Assert.That(count, Is.EqualTo(225));
        Assert.That(await Redis.ListLengthAsync("asynq:{mail}:pending"), Is.EqualTo(225));
    }

    [Test]
    public async Task DeleteMatching_GivesLocksBack_OfPendingTasksToo()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));

        await Inspector.DeleteTasksAsync(In(TaskState.Pending, new TaskFilter()));

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task ArchiveMatching_ArchivesPendingTasks()
    {
        await EnqueueAsync(NewTask("a", type: "bad"), NewTask("b"), NewTask("c", type: "bad"));

        var step = await Inspector.ArchiveTasksAsync(In(TaskState.Pending, new TaskFilter { Type = "bad" }));

        Assert.That((step.Count, step.Cursor), Is.EqualTo((2L, (string?)null)));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", (double)Now), ("c", Now) }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "b" }));
        Assert.That((await FieldsAsync("a"))["state"], Is.EqualTo("archived"));
    }

    [Test]
    public async Task RunMatching_RunsWhatFailedWithAnError()
    {
        await FinishNewAsync(TaskOutcome.Archived, Now, "a", "b");
        await SetErrorAsync("a", "connection refused");

        var step = await Inspector.RunTasksAsync(In(TaskState.Archived, new TaskFilter { Error = "refused" }));

        Assert.That((step.Count, step.Cursor), Is.EqualTo((1L, (string?)null)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("b", (double)Now) }));
    }

    [Test]
    public async Task RescheduleMatching_MovesOnlyWhatIsMeant()
    {
        await FinishNewAsync(TaskOutcome.Retry, Now + 60, "a", "b");
        await SetErrorAsync("a", "connection refused");

        var step = await Inspector.RescheduleTasksAsync(
            In(TaskState.Retry, new TaskFilter { Error = "refused" }), Time.GetUtcNow().AddHours(1));

        Assert.That((step.Count, step.Cursor), Is.EqualTo((1L, (string?)null)));
        Assert.That(
            await ZSetAsync("asynq:{mail}:retry"), Is.EqualTo(new[] { ("b", (double)Now + 60), ("a", Now + 3_600) }));
    }

    [Test]
    public async Task CancelMatching_CancelsOnlyTheType()
    {
        await EnqueueAsync(NewTask("a", type: "slow"), NewTask("b"));
        await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);

        var step = await Inspector.CancelTasksAsync(In(TaskState.Active, new TaskFilter { Type = "slow" }));

        Assert.That((step.Count, step.Cursor), Is.EqualTo((1L, (string?)null)));
    }

    [Test]
    public async Task Matching_RefuseWhatCannotBeMeant()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        await EnqueueAsync(NewTask("p"));

        Assert.That(
            () => In(TaskState.Scheduled, new TaskFilter { OlderThan = TimeSpan.FromHours(1) }),
            Throws.ArgumentException.With.Message.Contains("OlderThan"));
        Assert.That(
            () => new TaskFilter { OlderThan = TimeSpan.FromHours(-1) },
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("OlderThan"));
        await RefusesAsync(TaskState.Pending, new Paging { Cursor = "-1" }, "cursor");
        await RefusesAsync(TaskState.Scheduled, new Paging { Cursor = "x" }, "cursor");
        await RefusesAsync(TaskState.Scheduled, new Paging { Number = 2 }, "Number");
        Assert.That(
            () => In(TaskState.Aggregating, new TaskFilter()), Throws.ArgumentException.With.Message.Contains("group"));
        await Assert.ThatAsync(
            () => Inspector.RunTasksAsync(In(TaskState.Pending, new TaskFilter())), Throws.ArgumentException);
        await Assert.ThatAsync(
            () => Inspector.ListTasksAsync(
                TaskSelection.InState("nowhere", TaskState.Pending, new TaskFilter())),
            Throws.TypeOf<QueueNotFoundException>());
        Assert.That(() => new Paging { Size = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private Task RefusesAsync(TaskState state, Paging page, string word) => Assert.ThatAsync(
        () => Inspector.ListTasksAsync(In(state, new TaskFilter()), page),
        Throws.InstanceOf<ArgumentException>().With.Message.Contains(word));

    private async Task<string[]> FindAsync(TaskSelection selection)
    {
        var (ids, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await Inspector.ListTasksAsync(selection, new Paging { Size = 1_000, Cursor = cursor });
            ids.AddRange(page.Select(task => task.Id));
            cursor = page.Cursor;
        }
        while (cursor is not null);

        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private static Task SetErrorAsync(string id, string error) => ChangeAsync(id, message => message.ErrorMsg = error);

    private static async Task ChangeAsync(string id, Action<TaskMessage> change)
    {
        var message = await StoredAsync(id);
        change(message);
        await SetMessageAsync(id, message);
    }
}
