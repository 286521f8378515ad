using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorDeleteTests : InspectorTest
{
    [Test]
    public async Task DeleteQueue_LeavesNothingBehind_WhenForced()
    {
        await FinishNewAsync(TaskOutcome.Retry, Now + 60, "r");
        await FinishNewAsync(TaskOutcome.Archived, Now, "a");
        await FinishNewAsync(TaskOutcome.Completed, Now + 60, "c");
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        await EnqueueGroupAsync("one", "g", "g2");
        await EnqueueAsync(NewTask("p"));
        await EnqueueAsync(NewTask("u", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));
        await EnqueueAsync(
            NewTask("ug", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1), Group = "one" }, payload: "2"));
        await Inspector.PauseQueueAsync("mail");
        await LeaveAsAsynqDoesAsync();
        await Redis.HashSetAsync("asynq:{mail}:periodic:nightly", "tick", Now);
        await Redis.StringSetAsync("asynq:{mail2}:processed", 1);
        await Redis.StringSetAsync("asynq:{mai}:processed", 1);

        await Inspector.DeleteQueueAsync("mail", force: true);

        Assert.That(await KeysAsync(), Is.EquivalentTo(new[] { "asynq:{mai}:processed", "asynq:{mail2}:processed" }));
    }

    [Test]
    public async Task DeleteQueue_NeedsNoForce_WhenOnlyCompletedTasksAreLeft()
    {
        await FinishNewAsync(TaskOutcome.Completed, Now + 60, "c");
        await Inspector.PauseQueueAsync("mail");

        await Inspector.DeleteQueueAsync("mail");

        Assert.That(await KeysAsync(), Is.Empty);
    }

    [TestCase(TaskState.Pending)]
    [TestCase(TaskState.Scheduled)]
    [TestCase(TaskState.Retry)]
    [TestCase(TaskState.Archived)]
    [TestCase(TaskState.Aggregating)]
    public async Task DeleteQueue_RefusesWithoutForce_WhenThereAreTasks(TaskState state)
    {
        await (state switch
        {
            TaskState.Pending => EnqueueAsync(NewTask("t")),
            TaskState.Scheduled => EnqueueInAsync(TimeSpan.FromHours(1), "t"),
            TaskState.Retry => FinishNewAsync(TaskOutcome.Retry, Now + 60, "t"),
            TaskState.Archived => FinishNewAsync(TaskOutcome.Archived, Now, "t"),
            _ => EnqueueGroupAsync("one", "t"),
        });
        var before = await DumpAsync();

        var thrown = await Assert.ThrowsAsync<QueueNotEmptyException>(() => Inspector.DeleteQueueAsync("mail"));

        Assert.That((thrown.Queue, thrown.HasActiveTasks), Is.EqualTo(("mail", false)));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task DeleteQueue_Refuses_WhenTasksRun([Values] bool force)
    {
        await EnqueueOneOfEachStateAsync();
        await Inspector.DeleteTasksAsync(Group("one"));
        var before = await DumpAsync();

        var thrown = await Assert.ThrowsAsync<QueueNotEmptyException>(() => Inspector.DeleteQueueAsync("mail", force));

        Assert.That(thrown.HasActiveTasks, Is.True);
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task DeleteQueue_Throws_WhenThereIsNone()
    {
        var thrown = await Assert.ThrowsAsync<QueueNotFoundException>(
            () => Inspector.DeleteQueueAsync("mail", force: true));

        Assert.That(thrown.Queue, Is.EqualTo("mail"));
    }

    [Test]
    public async Task DeleteQueue_GoesOn_WhereAnEarlierCallWasCutOff()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}"))]);
        await Redis.KeyRenameAsync("asynq:{mail}:pending", "asynq:{mail}:deleted:pending");
        await EnqueueAsync(NewTask("new"));

        await Inspector.DeleteQueueAsync("mail", force: true);

        Assert.That(await KeysAsync(), Is.Empty);
    }

    [Test]
    public async Task DeleteQueue_TakesItsNameVerbatim_WhenItLooksLikeAPattern()
    {
        await Redis.SetAddAsync("asynq:queues", ["m*", "mail"]);
        await Redis.StringSetAsync("asynq:{m*}:processed", 1);
        await Redis.StringSetAsync("asynq:{mail}:processed", 1);

        await Inspector.DeleteQueueAsync("m*", force: true);

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues", "asynq:{mail}:processed" }));
    }

    [Test]
    public async Task DeleteQueue_KeepsTasksThatCameMeanwhile_AndTheQueueOnTheList()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 450).Select(i => NewTask($"t{i}"))]);
        var late = new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) };
        using var stop = new CancellationTokenSource();
        var producer = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var task = NewTask($"late{i}", late, payload: $"{i}");
                await Store.EnqueueAsync(task.Route, [task]);
            }
        });

        await Inspector.DeleteQueueAsync("mail", force: true);
        await stop.CancelAsync();
        await producer;

        var waiting = await ListAsync("asynq:{mail}:pending");
        Assert.That(waiting, Is.Not.Empty.And.All.StartsWith("late"));
        Assert.That(
            (await KeysAsync()).Count(key => key.Contains(":t:", StringComparison.Ordinal)),
            Is.EqualTo(waiting.Length));
        Assert.That(
            (await KeysAsync()).Count(key => key.Contains(":unique:", StringComparison.Ordinal)),
            Is.EqualTo(waiting.Length));
        Assert.That(await Redis.SetContainsAsync("asynq:queues", "mail"), Is.True);
    }

    // Asynq leaves such: a group that nobody looks at, a task that was trimmed off the archive, a lock without a task.
    private static async Task LeaveAsAsynqDoesAsync()
    {
        await Redis.SortedSetAddAsync("asynq:{mail}:g:forgotten", "f", Now);
        await Redis.HashSetAsync(
            "asynq:{mail}:t:f", [new("msg", ""), new("state", "aggregating"), new("group", "forgotten")]);
        await Redis.SortedSetAddAsync("asynq:{mail}:g:one:set", "set aside", Now);
        await Redis.SortedSetAddAsync("asynq:{mail}:aggregation_sets", "asynq:{mail}:g:one:set", Now + 120);
        await Redis.HashSetAsync(
            "asynq:{mail}:t:set aside", [new("msg", ""), new("state", "aggregating"), new("group", "one")]);
        await Redis.HashSetAsync("asynq:{mail}:t:trimmed", [new("msg", ""), new("state", "archived")]);
        await Redis.HashSetAsync("asynq:{mail}:t:lost", [new("msg", ""), new("state", "pending")]);
        await Redis.StringSetAsync("asynq:{mail}:unique:x:", "nobody");
        await Redis.StringSetAsync("asynq:{mail}:processed:2096-09-01", 5);
    }
}
