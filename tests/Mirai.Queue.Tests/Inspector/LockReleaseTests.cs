using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>Every way to delete a task, after every way in which the task can have come to its state: the uniqueness
/// lock ends with the task that holds it, and with no other task.</summary>
internal sealed class LockReleaseTests : InspectorTest
{
    private const string Id = "t";
    private const string Lock = "asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b";
    private const string RunThenDeleteAll = "run all, delete all";
    private const string DeleteQueue = "delete queue";
    private const string DeleteQueueForced = "delete queue, forced";

    private static readonly AggregationSet Set = new("mail", "one", "s1", Now + 120);
    private static readonly EnqueueOptions Unique = new() { UniqueFor = TimeSpan.FromHours(9) };
    private static readonly EnqueueOptions Later = new() { ProcessIn = TimeSpan.FromHours(1) };
    private static readonly EnqueueOptions InGroup = new() { Group = "one" };

    // Each step moves the task; the last step decides its state.
    private static readonly string[] Histories =
    [
        "enqueue", "enqueue take requeue", "schedule run", "schedule archive run", "enqueue take retry run",
        "enqueue take archived run", "enqueue take completed run", "group run", "group archive run",
        "schedule", "enqueue take retry", "group run take retry", "enqueue take archived", "enqueue archive",
        "schedule archive", "group archive", "group run take archived", "enqueue take completed archive",
        "enqueue take completed", "group run take completed", "group", "group run take retry forward",
        "group stage return", "group stage",
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from history in Histories
        from path in PathsOf(history)
        select new TestCaseData(history, path).SetArgDisplayNames(history, path);

    [TestCaseSource(nameof(Cases))]
    public async Task Deletion_ReleasesTheLock_WhenTheTaskHoldsIt(string history, string path)
    {
        await PlayAsync(history);
        Assert.That((string?)await Redis.StringGetAsync(Lock), Is.EqualTo(Id), "the task holds its lock until then");

        await DeleteAsync(path, StateAfter(history));

        Assert.That(await Redis.KeyExistsAsync($"asynq:{{mail}}:t:{Id}"), Is.False);
        Assert.That(await Redis.KeyExistsAsync(Lock), Is.False);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Deletion_KeepsTheLock_WhenAnotherTaskHoldsIt(string history, string path)
    {
        await PlayAsync(history);
        await Redis.KeyDeleteAsync(Lock); // its time ends
        var isQueue = path is DeleteQueue or DeleteQueueForced;
        await Redis.StringSetAsync(Lock, "another");

        await DeleteAsync(path, StateAfter(history));

        Assert.That(await Redis.KeyExistsAsync($"asynq:{{mail}}:t:{Id}"), Is.False);
        Assert.That(await Redis.KeyExistsAsync(Lock), Is.EqualTo(!isQueue), "no task of a deleted queue is left");
    }

    [Test]
    public async Task TakingGhostsOffTheRunningTasks_ReleasesTheirLocks()
    {
        await PlayAsync("enqueue take");
        await Redis.HashDeleteAsync($"asynq:{{mail}}:t:{Id}", "msg");

        Assert.That(await Store.DropGhostsAsync("mail", Now + 30, [Id]), Is.EqualTo(1));

        Assert.That(await Redis.KeyExistsAsync(Lock), Is.False);
    }

    [Test]
    public async Task Deletion_ReadsTheLockOfAGroupsTask_BehindAnyOtherFieldOfItsMessage()
    {
        var payload = new string('R', 70_000); // "R" is the tag of the lock's field
        var task = NewTask(Id, Unique.With(InGroup), payload: payload);
        task.Message.Deadline = -1; // ten bytes
        await EnqueueAsync(task);

        await Inspector.DeleteTasksAsync(Group("one"));

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("Rx")]
    [TestCase("\u0052\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    public async Task Deletion_Succeeds_WhenTheMessageOfAGroupsTaskIsUnreadable(string message)
    {
        await PlayAsync("group");
        await Redis.HashSetAsync($"asynq:{{mail}}:t:{Id}", "msg", message);

        Assert.That((await Inspector.DeleteTasksAsync(Group("one"))).Count, Is.EqualTo(1));

        Assert.That(await Redis.KeyExistsAsync($"asynq:{{mail}}:t:{Id}"), Is.False);
    }

    private static string[] PathsOf(string history)
    {
        if (history.EndsWith("stage", StringComparison.Ordinal))
        {
            return ["enqueue aggregate", "delete aggregated", DeleteQueueForced];
        }

        string[] common = ["delete one", "delete all", "delete matching", DeleteQueueForced];
        return StateAfter(history) switch
        {
            TaskState.Pending => common,
            TaskState.Archived => [.. common, RunThenDeleteAll, "trim"],
            TaskState.Completed => [.. common, RunThenDeleteAll, "expire", DeleteQueue],
            _ => [.. common, RunThenDeleteAll],
        };
    }

    private static TaskState StateAfter(string history) => history.Split(' ')[^1] switch
    {
        "schedule" => TaskState.Scheduled,
        "retry" => TaskState.Retry,
        "archive" or "archived" => TaskState.Archived,
        "completed" => TaskState.Completed,
        "group" or "forward" or "stage" or "return" => TaskState.Aggregating,
        _ => TaskState.Pending,
    };

    private async Task PlayAsync(string history)
    {
        foreach (var step in history.Split(' '))
        {
            await PlayStepAsync(step);
        }
    }

    private Task PlayStepAsync(string step) => step switch
    {
        "enqueue" => EnqueueAsync(NewTask(Id, Unique)),
        "schedule" => EnqueueAsync(NewTask(Id, Unique.With(Later))),
        "group" => EnqueueAsync(NewTask(Id, Unique.With(InGroup))),
        "take" => Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false),
        "requeue" => FinishAsync(TaskOutcome.Requeued),
        "retry" => FinishAsync(TaskOutcome.Retry),
        "archived" => FinishAsync(TaskOutcome.Archived),
        "completed" => FinishAsync(TaskOutcome.Completed), // by a worker that keeps the lock
        "run" => Inspector.RunTasksAsync(One(Id)),
        "archive" => Inspector.ArchiveTasksAsync(One(Id)),
        "forward" => Store.ForwardAsync("mail"),
        "stage" => Store.StageGroupAsync(Set, new GroupLimits(0, 0, 0), bytes: 1_000),
        "return" => Store.ReturnSetAsync(Set),
        _ => throw new ArgumentException(step),
    };

    private async Task DeleteAsync(string path, TaskState state)
    {
        var selection = state == TaskState.Aggregating ? Group("one") : In(state);
        switch (path)
        {
            case "delete one": await Inspector.DeleteTasksAsync(One(Id)); break;
            case "delete all": await Inspector.DeleteTasksAsync(selection); break;
            case "delete matching":
                var filter = new TaskFilter { Type = "mail:*" };
                await Inspector.DeleteTasksAsync(
                    state == TaskState.Aggregating ? Group("one", filter) : In(state, filter));
                break;
            case RunThenDeleteAll:
                await Inspector.RunTasksAsync(selection);
                await Inspector.DeleteTasksAsync(In(TaskState.Pending));
                break;
            case "trim":
                Time.Advance(TimeSpan.FromDays(91));
                await Store.TrimArchiveAsync("mail", 10);
                break;
            case "expire": await Store.DeleteExpiredCompletedAsync("mail", 10); break;
            case "enqueue aggregate": await Store.EnqueueAggregateAsync(Set, 1, NewTask("agg", payload: "a")); break;
            case "delete aggregated":
                await Redis.SortedSetAddAsync(
                    "asynq:{mail}:aggregation_sets", Set.Key, AggregationSet.AggregatedDeadline);
                await Store.DeleteAggregatedAsync(Set);
                break;
            default: await Inspector.DeleteQueueAsync("mail", force: path == DeleteQueueForced); break;
        }
    }

    private async Task FinishAsync(TaskOutcome outcome) =>
        Assert.That(
            await Store.FinishAsync("mail", [new FinishedTask(Lease(Id), outcome, Score: Now)]), Is.Empty);
}
