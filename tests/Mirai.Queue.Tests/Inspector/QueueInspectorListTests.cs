using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorListTests : InspectorTest
{
    [Test]
    public async Task ListTasks_TellsPendingTasks_InTheOrderTheyRun()
    {
        await EnqueueAsync(NewTask("a"), NewTask("b"), NewTask("c"), NewTask("d"), NewTask("e"));

        Assert.That(await IdsAsync(TaskState.Pending), Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
        Assert.That(await IdsAsync(TaskState.Pending, new Paging { Size = 2 }), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(
            await IdsAsync(TaskState.Pending, new Paging { Size = 2, Number = 2 }), Is.EqualTo(new[] { "c", "d" }));
        Assert.That(await IdsAsync(TaskState.Pending, new Paging { Size = 2, Number = 3 }), Is.EqualTo(new[] { "e" }));
        Assert.That(await IdsAsync(TaskState.Pending, new Paging { Size = 2, Number = 4 }), Is.Empty);
    }

    [Test]
    public async Task ListTasks_TellsScheduledTasks_ByTheirDueTime()
    {
        await EnqueueInAsync(TimeSpan.FromHours(2), "b");
        await EnqueueInAsync(TimeSpan.FromHours(1), "a");
        await EnqueueInAsync(TimeSpan.FromHours(3), "c");

        var tasks = await Inspector.ListTasksAsync(In(TaskState.Scheduled), new Paging { Size = 2 });

        Assert.That(tasks.Select(task => (task.Id, task.NextProcessAt)), Is.EqualTo(new[]
        {
            ("a", (DateTimeOffset?)Time.GetUtcNow().AddHours(1)), ("b", Time.GetUtcNow().AddHours(2)),
        }));
        Assert.That(
            await IdsAsync(TaskState.Scheduled, new Paging { Size = 2, Number = 2 }), Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public async Task ListTasks_TellsEachState()
    {
        await EnqueueOneOfEachStateAsync();

        foreach (var (state, id) in new[]
        {
            (TaskState.Pending, "p"), (TaskState.Active, "x"), (TaskState.Scheduled, "s"), (TaskState.Retry, "r"),
            (TaskState.Archived, "a"), (TaskState.Completed, "c"),
        })
        {
            var tasks = await Inspector.ListTasksAsync(In(state));
            Assert.That(tasks.Select(task => (task.Id, task.State)), Is.EqualTo(new[] { (id, state) }));
        }

        var group = await Inspector.ListTasksAsync(Group("one"));
        Assert.That(
            group.Select(task => (task.Id, task.State, task.Group)),
            Is.EqualTo(new[] { ("g", TaskState.Aggregating, "one") }));
        Assert.That(await Inspector.ListTasksAsync(Group("two")), Is.Empty);
    }

    [Test]
    public async Task ListTasks_MarksOrphans_FromTheMomentTheirLeaseIsOver()
    {
        await TakeNewAsync("x");

        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That((await Inspector.ListTasksAsync(In(TaskState.Active)))[0].IsOrphaned, Is.False);
        Assert.That((await Inspector.FindTaskAsync("mail", "x"))!.IsOrphaned, Is.False);

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await Inspector.ListTasksAsync(In(TaskState.Active)))[0].IsOrphaned, Is.True);
        Assert.That((await Inspector.FindTaskAsync("mail", "x"))!.IsOrphaned, Is.True);
    }

    [Test]
    public async Task ListTasks_TellsResult_WhenCompleted()
    {
        await TakeNewAsync("a", "b");
        await Store.WriteResultAsync(Lease("a"), "42"u8.ToArray());
        await Store.FinishAsync("mail",
        [
            new FinishedTask(Lease("a"), TaskOutcome.Completed, Score: Now + 1),
            new FinishedTask(Lease("b"), TaskOutcome.Completed, Score: Now + 2),
        ]);

        var tasks = await Inspector.ListTasksAsync(In(TaskState.Completed));

        Assert.That(tasks[0].Result!.Value.ToArray(), Is.EqualTo("42"u8.ToArray()));
        Assert.That(tasks[1].Result, Is.Null);
    }

    [Test]
    public async Task ListTasks_LeavesGhostsOut_AndShowsWhatCannotBeRead()
    {
        SkipsInvariants = true;
        await EnqueueAsync(NewTask("ghost"), NewTask("broken"), NewTask("fine"));
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");
        await Redis.HashSetAsync("asynq:{mail}:t:broken", "msg", "\xff");

        var tasks = await Inspector.ListTasksAsync(In(TaskState.Pending));

        Assert.That(tasks.Select(task => (task.Id, task.Type, task.IsUnreadable)), Is.EqualTo(new[]
        {
            ("broken", "", true), ("fine", "mail:send", false),
        }));
    }

    [Test]
    public async Task ListTasks_ReadsLargePages_InSteps()
    {
        SkipsInvariants = true; // many tasks
        foreach (var chunk in Enumerable.Range(0, 1_500).Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i}", payload: new string('x', 2_000)))]);
        }

        var ids = await IdsAsync(TaskState.Pending, new Paging { Size = 1_200 });

        Assert.That(ids, Is.EqualTo(Enumerable.Range(0, 1_200).Select(i => $"t{i}")));
    }

    [Test]
    public async Task ListTasks_RefusesWhatCannotBeMeant()
    {
        await EnqueueAsync(NewTask("p"));

        await Assert.ThatAsync(
            () => Inspector.ListTasksAsync(TaskSelection.InState("nowhere", TaskState.Pending)),
            Throws.TypeOf<QueueNotFoundException>());
        Assert.That(() => TaskSelection.InState("", TaskState.Pending), Throws.ArgumentException);
        Assert.That(() => Inspector.ListTasksAsync(In(TaskState.Aggregating)), Throws.ArgumentException);
        Assert.That(() => new Paging { Number = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Paging { Size = 10_001 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task ListGroups_CountsEachGroup()
    {
        await EnqueueGroupAsync("two", "a", "b");
        await EnqueueGroupAsync("one", "c");
        await Redis.SetAddAsync("asynq:{mail}:groups", "empty");

        Assert.That(await Inspector.ListGroupsAsync("mail"), Is.EqualTo(new[]
        {
            new GroupInfo("empty", 0), new GroupInfo("one", 1), new GroupInfo("two", 2),
        }).UsingPropertiesComparer());
        Assert.That(await Inspector.ListGroupsAsync("nowhere"), Is.Empty);
    }

    [Test]
    public async Task Lists_ContinueAtTheCursor()
    {
        await EnqueueAsync(NewTask("a"), NewTask("b"), NewTask("c"));
        await EnqueueGroupAsync("one", "g1");
        await EnqueueGroupAsync("two", "g2");

        var first = await Inspector.ListTasksAsync(In(TaskState.Pending), new Paging { Size = 2 });
        var second = await Inspector.ListTasksAsync(
            In(TaskState.Pending), new Paging { Size = 2, Cursor = first.Cursor });
        var groups = await Inspector.ListGroupsAsync("mail", new Paging { Size = 1 });
        var more = await Inspector.ListGroupsAsync("mail", new Paging { Size = 2, Cursor = groups.Cursor });

        Assert.That(first.Concat(second).Select(task => task.Id), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(second.Cursor, Is.Null);
        Assert.That(groups.Concat(more).Select(group => group.Group), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(more.Cursor, Is.Null);
        await Assert.ThatAsync(
            () => Inspector.ListTasksAsync(In(TaskState.Pending), new Paging { Cursor = "x" }),
            Throws.ArgumentException.With.Message.Contains("cursor"));
    }

    [Test]
    public async Task ListTasks_HasTheOneSelectedTask()
    {
        await EnqueueAsync(NewTask("a"), NewTask("b"));

        Assert.That((await Inspector.ListTasksAsync(One("b"))).Single().Id, Is.EqualTo("b"));
        Assert.That(await Inspector.ListTasksAsync(One("nobody")), Is.Empty);
    }

    private async Task<string[]> IdsAsync(TaskState state, Paging? paging = null) =>
        [.. (await Inspector.ListTasksAsync(In(state), paging)).Select(task => task.Id)];
}
