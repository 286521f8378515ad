using Mirai.Queue.Legacy;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Conformance;

/// <summary>What a store promises, whatever the layout.</summary>
[TestFixture(RedisLayout.Current)]
[TestFixture(RedisLayout.Legacy)]
internal sealed class StoreConformanceTests(RedisLayout layout) : ConformanceTest(layout)
{
    [Test]
    public async Task Take_GivesTheOldestFirst()
    {
        string[] ids = [await EnqueueAsync(), await EnqueueAsync(), await EnqueueAsync()];

        var taken = await TakeAsync(count: 2);

        Assert.That(taken.Select(task => task.Message.Id), Is.EqualTo(ids[..2]));
        Assert.That(await Layout.PendingAsync("mail"), Is.EqualTo(ids[2..]));
        Assert.That(await Layout.ActiveAsync(), Is.EquivalentTo(ids[..2]));
    }

    [Test]
    public async Task Take_GivesEachQueueItsShare_WhenSeveralAreAskedAtOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            await EnqueueAsync(queue: "mail");
            await EnqueueAsync(queue: "sms");
        }

        var taken = await Task.WhenAll(
            Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false),
            Store.TakeAsync("sms", 1, Now + 30, withPendingSince: false),
            Store.TakeAsync("none", 1, Now + 30, withPendingSince: false));

        Assert.That(
            taken.Select(queue => (queue.Tasks.Count, queue.Left)), Is.EqualTo(new[] { (2, 1L), (1, 2L), (0, 0L) }));
        Assert.That(taken[1].Tasks.Single().Message!.Queue, Is.EqualTo("sms"));
    }

    [Test]
    public async Task Take_GivesNothing_WhileThatQueueIsPaused()
    {
        await EnqueueAsync(queue: "mail");
        await EnqueueAsync(queue: "sms");
        await Layout.PauseAsync("mail");

        var mail = await Store.TakeAsync("mail", 10, Now + 30, withPendingSince: false);
        var sms = await Store.TakeAsync("sms", 10, Now + 30, withPendingSince: false);

        Assert.That((mail.Tasks.Count, mail.Left, sms.Tasks.Count), Is.EqualTo((0, 0L, 1)));
    }

    [Test]
    public async Task Take_GivesWhatCannotBeRead_ToBeSetAside()
    {
        await Layout.EnqueueGarbageAsync("mail");

        var taken = (await Store.TakeAsync("mail", 10, Now + 30, withPendingSince: false)).Tasks.Single();
        var lost = await Store.FinishAsync("mail", [new FinishedTask(
            new TaskLease("mail", taken.Id, Now + 30, taken.Member), TaskOutcome.Archived, Score: Now)]);

        Assert.That((taken.Message, lost), Is.EqualTo(((TaskMessage?)null, Array.Empty<int>())));
        Assert.That(await Layout.ArchivedAsync(), Is.EqualTo(new[] { ("garbage", (double)Now) }));
        Assert.That(await Layout.ActiveAsync(), Is.Empty);
    }

    [Test]
    public async Task Enqueue_StoresOnce_WhenItIsRepeatedAfterALostReply()
    {
        var task = NewTask();
        await Store.EnqueueAsync(task.Route, [task]);
        var again = new NewTask(task.Message, hasOwnId: false, task.ProcessAt, task.LockLifetime, task.Encoded);

        await Store.EnqueueAsync(again.Route, [again]);

        Assert.That(again.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
        Assert.That(await Layout.PendingAsync("mail"), Is.EqualTo(new[] { task.Message.Id }));
    }

    [Test]
    public async Task Enqueue_RefusesAChosenIdThatIsTaken_AndTellsItsOwn()
    {
        var chosen = new EnqueueOptions { TaskId = "7a1c1d8e-0f5b-4c39-9a53-2f3d0b8d7e11" };
        var first = NewTask(chosen);
        await Store.EnqueueAsync(first.Route, [first]);
        var second = NewTask(chosen, payload: "{\"n\":2}");

        await Store.EnqueueAsync(second.Route, [second]);

        Assert.That(second.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
        Assert.That(await Store.IsStoredAsync(first), Is.True);
        Assert.That(await Store.IsStoredAsync(second), Is.False);
    }

    [Test]
    public async Task Enqueue_NamesTheOwner_WhenAnEqualTaskHoldsTheLock()
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        var owner = await EnqueueAsync(unique);
        var second = NewTask(unique);

        await Store.EnqueueAsync(second.Route, [second]);
        await EnqueueAsync(unique, payload: "{\"n\":2}");

        Assert.That((second.Status, second.LockOwner), Is.EqualTo((EnqueueStatus.Duplicate, owner)));
        Assert.That(await Layout.PendingAsync("mail"), Has.Length.EqualTo(2));
    }

    [TestCase(TaskOutcome.Done, true)]
    [TestCase(TaskOutcome.Archived, false)]
    [TestCase(TaskOutcome.Retry, false)]
    public async Task Finish_ReleasesTheLock_OnlyAfterSuccess(TaskOutcome outcome, bool released)
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        await EnqueueAsync(unique);

        await FinishAsync((await TakeAsync()).Single(), outcome, Now);

        var next = NewTask(unique);
        await Store.EnqueueAsync(next.Route, [next]);
        Assert.That(next.Status, Is.EqualTo(released ? EnqueueStatus.Enqueued : EnqueueStatus.Duplicate));
    }

    [Test]
    public async Task Forward_MovesWhatIsDue_AndTellsWhatIsNext()
    {
        var due = await EnqueueAsync(new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(5.9) });
        var later = await EnqueueAsync(new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(60) });
        Time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.That((await Store.ForwardAsync("mail")).Moved, Is.Zero, "not before its time, rounded up");
        Time.Advance(TimeSpan.FromSeconds(0.1));

        var result = await Store.ForwardAsync("mail");

        Assert.That(result, Is.EqualTo(new ForwardResult(1, DateTimeOffset.FromUnixTimeSeconds(Now + 60))));
        Assert.That(await Layout.PendingAsync("mail"), Is.EqualTo(new[] { due }));
        Assert.That(await Layout.ScheduledAsync(), Is.EqualTo(new[] { (later, Now + 60d) }));
    }

    [Test]
    public async Task Finish_Retries_WithTheErrorAndOneMoreRetry()
    {
        var id = await EnqueueAsync();

        var isOwn = await FinishAsync(
            (await TakeAsync()).Single(), TaskOutcome.Retry, Now + 10, "no <connection> & \"so\"\n on");

        Assert.That(isOwn, Is.True);
        Assert.That(await Layout.RetryAsync(), Is.EqualTo(new[] { (id, Now + 10d) }));
        Time.Advance(TimeSpan.FromSeconds(10));
        await Store.ForwardAsync("mail");
        var (_, message) = (await TakeAsync()).Single();
        Assert.That(
            (message.Id, message.Retried, message.ErrorMsg), Is.EqualTo((id, 1, "no <connection> & \"so\"\n on")));
    }

    [Test]
    public async Task Finish_Counts_AttemptsAndFailures()
    {
        for (var i = 0; i < 5; i++)
        {
            await EnqueueAsync();
        }

        var tasks = await TakeAsync();
        TaskOutcome[] outcomes =
        [
            TaskOutcome.Done, TaskOutcome.Retry, TaskOutcome.Archived, TaskOutcome.Requeued,
            TaskOutcome.RetryUncounted,
        ];
        foreach (var (task, outcome) in tasks.Zip(outcomes))
        {
            await FinishAsync(task, outcome, Now);
        }

        Assert.That(await Layout.CountersAsync(Today), Is.EqualTo((3L, 2L)));
        Assert.That(await Layout.ActiveAsync(), Is.Empty);
    }

    [Test]
    public async Task Finish_PutsBackToTheFront_WhatWasInterrupted()
    {
        string[] ids = [await EnqueueAsync(), await EnqueueAsync()];
        var (task, _) = ((await TakeAsync(count: 1)).Single(), 0);

        await FinishAsync(task, TaskOutcome.Requeued);

        Assert.That(await Layout.PendingAsync("mail"), Is.EqualTo(ids));
    }

    [Test]
    public async Task Finish_ChangesNothing_WhenSomebodyElseTookTheTaskMeanwhile()
    {
        await EnqueueAsync();
        var stale = (await TakeAsync()).Single();
        await FinishAsync(stale, TaskOutcome.Requeued);
        Time.Advance(TimeSpan.FromSeconds(1));
        var owner = (await TakeAsync()).Single();

        var isOwn = await FinishAsync(stale, TaskOutcome.Done);

        Assert.That(isOwn, Is.False);
        Assert.That(await Layout.ActiveAsync(), Has.Length.EqualTo(1));
        Assert.That(await FinishAsync(owner, TaskOutcome.Done), Is.True);
        Assert.That(await Layout.CountersAsync(Today), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public async Task ExtendLease_TellsWhichTasksAreGone()
    {
        await EnqueueAsync();
        await EnqueueAsync();
        var tasks = await TakeAsync();
        await FinishAsync(tasks[0], TaskOutcome.Requeued);

        Assert.That(await Store.ExtendLeaseAsync("mail", [.. tasks.Select(task => task.Lease)], Now + 35), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public async Task ListExpired_ListsTasksOfDeadWorkers_AndTheyCanBeTakenBack()
    {
        var id = await EnqueueAsync();
        await TakeAsync();

        Assert.That((await Store.ListExpiredAsync("mail", Now + 29, skip: 0, count: 10)).Tasks, Is.Empty);
        var expired = (await Store.ListExpiredAsync("mail", Now + 30, skip: 0, count: 10)).Tasks.Single();
        var isOwn = await FinishAsync(
            (TaskLease.Seen("mail", expired.TaskId, expired.Lease, expired.Member), expired.Message!),
            TaskOutcome.Retry,
            Now + 90, "asynq: task lease expired");

        Assert.That((expired.TaskId, expired.IsGhost, isOwn), Is.EqualTo((id, false, true)));
        Assert.That(await Layout.RetryAsync(), Is.EqualTo(new[] { (id, Now + 90d) }));
        Assert.That((await Store.ListExpiredAsync("mail", Now + 30, skip: 0, count: 10)).Tasks, Is.Empty);
    }

    [Test]
    public async Task TakeWaiting_TakesWhatWasPutOff_WhileItWaitsWithThatTime()
    {
        string[] ids = [await EnqueueAsync(), await EnqueueAsync()];
        foreach (var task in await TakeAsync())
        {
            await FinishAsync(task, TaskOutcome.RetryUncounted, Now + 2);
        }

        var taken = await Store.TakeWaitingAsync(
            "mail", [new WaitingTask(ids[0], Now + 2), new WaitingTask(ids[1], Now + 3)], Now + 30);

        Assert.That(taken.Tasks.Select(task => task.Message!.Id), Is.EqualTo(ids[..1]));
        Assert.That(await Layout.ActiveAsync(), Is.EqualTo(ids[..1]));
        Assert.That(await Layout.RetryAsync(), Is.EqualTo(new[] { (ids[1], Now + 2d) }));
    }

    [Test]
    public async Task TrimArchive_DeletesWhatIsTooOld()
    {
        await EnqueueAsync();
        await EnqueueAsync();
        var tasks = await TakeAsync();
        await FinishAsync(tasks[0], TaskOutcome.Archived, Now - (91 * 86_400));
        await FinishAsync(tasks[1], TaskOutcome.Archived, Now);

        Assert.That(await Store.TrimArchiveAsync("mail", 100), Is.EqualTo(1));
        Assert.That((await Layout.ArchivedAsync()).Single().Id, Is.EqualTo(tasks[1].Message.Id));
    }

    [Test]
    public async Task Servers_ComeAndGo()
    {
        var state = new ServerState(
            new ServerInfo { Host = "h", Pid = 1, ServerId = "s", StartTime = new() },
            IsWhole: true, [], [new WorkerInfo { TaskId = "t", TaskType = "mail:send", Queue = "mail", StartTime = new(), Deadline = new() }]);

        await Store.WriteServerStateAsync(state, TimeSpan.FromSeconds(10));
        var listed = await Layout.CountServersAsync();
        await Store.ClearServerStateAsync(state.Server);

        Assert.That((listed, await Layout.CountServersAsync()), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Queues_AreListed_OnceTheyHadATask()
    {
        await EnqueueAsync(queue: "mail");
        await EnqueueAsync(new EnqueueOptions { ProcessIn = TimeSpan.FromMinutes(1) }, queue: "sms");

        Assert.That(await Store.ListQueuesAsync(), Is.EquivalentTo(new[] { "mail", "sms" }));
    }

    [Test]
    public async Task WakeUps_TellOfAQueueThatIsNoLongerEmpty_AlsoByAPattern()
    {
        var heard = new TaskCompletionSource<WakeUp>();
        await using var subscription = await Store.SubscribeWakeUpsAsync(["tenant:*"], news =>
        {
            if (news.Queue == "tenant:a")
            {
                heard.TrySetResult(news);
            }
        });

        await EnqueueAsync(queue: "tenant:a");

        Assert.That(
            await heard.Task.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(new WakeUp("tenant:a", null)));
    }
}
