using System.Text;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorBulkTests : InspectorTest
{
    private const string Lock = "asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b";

    [Test]
    public async Task RunAll_KeepsTheOrder_AndGoesBehindWhatWaits()
    {
        await EnqueueAsync(NewTask("p"));
        await EnqueueInAsync(TimeSpan.FromHours(2), "second");
        await EnqueueInAsync(TimeSpan.FromHours(1), "first");

        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Scheduled))).Count, Is.EqualTo(2));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "second", "first", "p" }));
        Assert.That((await FieldsAsync("first")).Keys, Is.EquivalentTo(new[] { "state" }));
        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Scheduled))).Count, Is.Zero);
    }

    [Test]
    public async Task RunAll_TakesGroupOffTheList()
    {
        await EnqueueGroupAsync("one", "a", "b");
        await EnqueueGroupAsync("two", "c");

        Assert.That((await Inspector.RunTasksAsync(Group("one"))).Count, Is.EqualTo(2));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(await Redis.SetMembersAsync("asynq:{mail}:groups"), Has.Length.EqualTo(1));
    }

    [TestCase(TaskState.Pending)]
    [TestCase(TaskState.Scheduled)]
    public async Task All_MoveEveryTask_WhenThereAreManySteps(TaskState state)
    {
        SkipsInvariants = true; // many tasks
        foreach (var chunk in Enumerable.Range(0, 1_000).Chunk(500))
        {
            var delay = state == TaskState.Scheduled ? TimeSpan.FromHours(1) : (TimeSpan?)null;
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i:D4}", new EnqueueOptions { ProcessIn = delay }))]);
        }

        Assert.That((await Inspector.ArchiveTasksAsync(In(state))).Count, Is.EqualTo(1_000));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(1_000));
        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Archived))).Count, Is.EqualTo(1_000));
        Assert.That(
            (await ListAsync("asynq:{mail}:pending"))
                .Reverse(), Is.EqualTo(Enumerable.Range(0, 1_000).Select(i => $"t{i:D4}")));
        Assert.That((await Inspector.DeleteTasksAsync(In(TaskState.Pending))).Count, Is.EqualTo(1_000));
        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task RunAll_ContinuesAtTheCursor_AndLeavesTasksThatCameLater()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), [.. Enumerable.Range(0, 450).Select(i => $"s{i:D3}")]);
        var (counts, cursor) = (new List<long>(), (string?)null);

        do
        {
            var step = await Inspector.RunTasksAsync(
                In(TaskState.Scheduled), new Paging { Size = 200, Cursor = cursor });
            await EnqueueInAsync(TimeSpan.FromHours(2), $"later{counts.Count}");
            counts.Add(step.Count);
            cursor = step.Cursor;
        }
        while (cursor is not null);

        Assert.That(counts, Is.EqualTo(new[] { 200, 200, 50 }));
        Assert.That(
            (await ListAsync("asynq:{mail}:pending")).Reverse(),
            Is.EqualTo(Enumerable.Range(0, 450).Select(i => $"s{i:D3}")));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:scheduled"), Is.EqualTo(3));
        foreach (var wrong in (string[])["", "5", "5-x", "5--1", "x-5"])
        {
            await Assert.ThatAsync(
                () => Inspector.RunTasksAsync(In(TaskState.Scheduled), new Paging { Cursor = wrong }),
                Throws.ArgumentException.With.Message.Contains("cursor"));
        }
    }

    [TestCase(TaskState.Retry, "r")]
    [TestCase(TaskState.Completed, "c")]
    [TestCase(TaskState.Archived, "a")]
    public async Task RunAll_TakesOnlyTheState(TaskState state, string id)
    {
        await EnqueueOneOfEachStateAsync();

        Assert.That((await Inspector.RunTasksAsync(In(state))).Count, Is.EqualTo(1));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { id, "p" }));
    }

    [Test]
    public async Task ArchiveAll_KeepsNoMoreThanAnArchiveHolds_AndCountsAll()
    {
        SkipsInvariants = true; // many tasks
        foreach (var chunk in Enumerable.Range(0, 10_100).Chunk(500))
        {
            await EnqueueAsync([.. chunk.Select(i => NewTask($"t{i}"))]);
        }

        var step = await Inspector.ArchiveTasksAsync(In(TaskState.Pending));

        Assert.That((step.Count, step.Trimmed), Is.EqualTo((10_100, 101)), "it says what the archive did not keep");

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(9_999));
        Assert.That(
            (await KeysAsync()).Count(key => key.Contains(":t:", StringComparison.Ordinal)), Is.EqualTo(9_999));
    }

    [Test]
    public async Task All_DropGhosts_AndDoNotCountThem()
    {
        SkipsInvariants = true;
        await EnqueueInAsync(TimeSpan.FromHours(1), "ghost", "s");
        await EnqueueAsync(NewTask("ghost2"), NewTask("p"));
        await Redis.KeyDeleteAsync(["asynq:{mail}:t:ghost", "asynq:{mail}:t:ghost2"]);

        Assert.That((await Inspector.ArchiveTasksAsync(In(TaskState.Pending))).Count, Is.EqualTo(1));
        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Scheduled))).Count, Is.EqualTo(1));

        Assert.That(await QueueInvariants.CheckAsync(Redis), Is.Empty);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "s" }));
    }

    [Test]
    public async Task All_GoOn_WhenTasksInFrontCannotBeMoved()
    {
        SkipsInvariants = true;
        var stuck = Enumerable.Range(0, 250).Select(i => $"a{i:D3}").ToArray();
        await EnqueueInAsync(TimeSpan.FromHours(1), [.. stuck]);
        await EnqueueInAsync(TimeSpan.FromHours(2), "last");
        foreach (var id in stuck)
        {
            await Redis.HashSetAsync($"asynq:{{mail}}:t:{id}", "state", "active");
        }

        Assert.That((await Inspector.RunTasksAsync(In(TaskState.Scheduled))).Count, Is.EqualTo(1));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "last" }));
    }

    [Test]
    public async Task DeleteAll_GivesLocksBack_OfPendingTasksToo()
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) };
        await EnqueueAsync(NewTask("p", unique));
        await Inspector.DeleteTasksAsync(In(TaskState.Pending));
        Assert.That(await Redis.KeyExistsAsync(Lock), Is.False);

        await EnqueueAsync(NewTask("s", unique.With(new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) })));
        await Inspector.DeleteTasksAsync(In(TaskState.Scheduled));
        Assert.That(await Redis.KeyExistsAsync(Lock), Is.False);
    }

    [TestCase(TaskState.Scheduled, "s")]
    [TestCase(TaskState.Retry, "r")]
    [TestCase(TaskState.Archived, "a")]
    [TestCase(TaskState.Completed, "c")]
    [TestCase(TaskState.Pending, "p")]
    public async Task DeleteAll_LeavesOtherStatesAlone(TaskState state, string id)
    {
        await EnqueueOneOfEachStateAsync();

        Assert.That((await Inspector.DeleteTasksAsync(In(state))).Count, Is.EqualTo(1));

        var left = (await KeysAsync()).Where(key => key.Contains(":t:", StringComparison.Ordinal))
            .Select(key => key[^1..]);
        Assert.That(left, Is.EquivalentTo(new[] { "p", "x", "s", "r", "a", "c", "g" }.Except([id])));
    }

    [Test]
    public async Task DeleteAll_DeletesAGroup()
    {
        await EnqueueGroupAsync("one", "a", "b");

        Assert.That((await Inspector.DeleteTasksAsync(Group("one"))).Count, Is.EqualTo(2));

        Assert.That(await KeysAsync(), Is.EqualTo(new[] { "asynq:queues" }));
    }

    [Test]
    public async Task CancelAll_PublishesEveryRunningTask()
    {
        await TakeNewAsync("all-a", "all-b", "all-c");
        var cancelled = new List<string>();
        var all = new TaskCompletionSource();
        await using var subscription = await Store.SubscribeCancellationsAsync(id =>
        {
            // The channel is everybody's: in a cluster, what another test cancelled may arrive late.
            lock (cancelled)
            {
                if (id.StartsWith("all-", StringComparison.Ordinal))
                {
                    cancelled.Add(id);
                }

                if (cancelled.Count == 3)
                {
                    all.TrySetResult();
                }
            }
        });

        Assert.That((await Inspector.CancelTasksAsync(In(TaskState.Active))).Count, Is.EqualTo(3));

        await all.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(cancelled, Is.EquivalentTo(new[] { "all-a", "all-b", "all-c" }));
    }

    [Test]
    public async Task RescheduleAll_MovesEveryTask_InPlace()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), "a");
        await EnqueueInAsync(TimeSpan.FromHours(2), "b");

        var step = await Inspector.RescheduleTasksAsync(In(TaskState.Scheduled), Time.GetUtcNow().AddSeconds(7));

        Assert.That(step.Count, Is.EqualTo(2));
        Assert.That(
            await ZSetAsync("asynq:{mail}:scheduled"), Is.EqualTo(new[] { ("a", (double)Now + 7), ("b", Now + 7) }));
    }

    [Test]
    public async Task UpdateAllPayloads_ChangesWhatTheFunctionChanges()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 300).Select(i => NewTask(
            $"s{i}", new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) }, payload: $"{i}"))]);

        var count = (await Inspector.UpdatePayloadsAsync(In(TaskState.Scheduled), task =>
            int.Parse(task.Id[1..], System.Globalization.CultureInfo.InvariantCulture) % 3 == 0
                ? Encoding.UTF8.GetBytes($"new {task.Id}")
                : default(ReadOnlyMemory<byte>?))).Count;

        Assert.That(count, Is.EqualTo(100));
        Assert.That((await StoredAsync("s3")).Payload.ToStringUtf8(), Is.EqualTo("new s3"));
        Assert.That((await StoredAsync("s4")).Payload.ToStringUtf8(), Is.EqualTo("4"));
    }

    [Test]
    public async Task All_RefuseWhatCannotBeMeant()
    {
        await EnqueueOneOfEachStateAsync();

        Assert.That(
            () => Inspector.RunTasksAsync(In(TaskState.Active)),
            Throws.ArgumentException.With.Message.Contains("active"));
        Assert.That(
            () => Inspector.RunTasksAsync(In(TaskState.Pending)),
            Throws.ArgumentException.With.Message.Contains("pending"));
        Assert.That(() => Inspector.ArchiveTasksAsync(In(TaskState.Archived)), Throws.ArgumentException);
        Assert.That(() => Inspector.DeleteTasksAsync(In(TaskState.Active)), Throws.ArgumentException);
        Assert.That(
            () => Inspector.DeleteTasksAsync(In(TaskState.Aggregating)), Throws.InstanceOf<ArgumentException>());
        await Assert.ThatAsync(
            () => Inspector.RescheduleTasksAsync(In(TaskState.Archived), Time.GetUtcNow()),
            Throws.ArgumentException);
        await Assert.ThatAsync(
            () => Inspector.DeleteTasksAsync(TaskSelection.InState("nowhere", TaskState.Retry)),
            Throws.TypeOf<QueueNotFoundException>());
        await Assert.ThatAsync(
            () => Inspector.CancelTasksAsync(TaskSelection.InState("nowhere", TaskState.Active)),
            Throws.TypeOf<QueueNotFoundException>());
    }

    [Test]
    public async Task All_StopBetweenSteps_WhenCancelled()
    {
        await EnqueueAsync([.. Enumerable.Range(0, 500).Select(i => NewTask(
            $"s{i}", new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) }))]);
        using var cancelled = new CancellationTokenSource();
        var calls = 0;

        await Assert.ThatAsync(
            () => Inspector.UpdatePayloadsAsync(In(TaskState.Scheduled), task =>
                {
                    if (++calls == 1)
                    {
                        cancelled.Cancel();
                    }

                    return "x"u8.ToArray();
                }, null, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(calls, Is.LessThan(500), "not all steps ran");
    }
}
