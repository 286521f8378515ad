using System.Text;
using System.Threading.Channels;
using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Inspector;

internal sealed class QueueInspectorActionTests : InspectorTest
{
    [TestCase("s", "asynq:{mail}:scheduled")]
    [TestCase("r", "asynq:{mail}:retry")]
    [TestCase("a", "asynq:{mail}:archived")]
    [TestCase("c", "asynq:{mail}:completed")]
    [TestCase("g", "asynq:{mail}:g:one")]
    public async Task RunTask_PutsTaskBehindAllThatWait(string id, string container)
    {
        await EnqueueOneOfEachStateAsync();

        await Inspector.RunTasksAsync(One(id));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { id, "p" }));
        Assert.That(await Redis.KeyExistsAsync(container), Is.False);
        var fields = await FieldsAsync(id);
        Assert.That(fields["state"], Is.EqualTo("pending"));
        Assert.That(fields, Does.Not.ContainKey("pending_since"), "as Asynq");
    }

    [Test]
    public async Task RunTask_TakesGroupOffTheList_WhenItWasTheLast()
    {
        await EnqueueGroupAsync("one", "a", "b");

        await Inspector.RunTasksAsync(One("a"));
        Assert.That(await Redis.SetContainsAsync("asynq:{mail}:groups", "one"), Is.True);

        await Inspector.RunTasksAsync(One("b"));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:groups"), Is.False);
        Assert.That((await FieldsAsync("a"))["group"], Is.EqualTo("one"), "the field stays, as in Asynq");
    }

    [Test]
    public async Task RunTask_WakesWorkers_WhenNothingWaited()
    {
        // A queue of its own: in a cluster, news from before may arrive late.
        await EnqueueAsync(NewTask("s", new EnqueueOptions { Queue = "woken", ProcessIn = TimeSpan.FromHours(1) }));
        var heard = await Redis.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("asynq:{woken}:wake"));

        await Inspector.RunTasksAsync(TaskSelection.One("woken", "s"));

        var message = await heard.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(message.Message.ToString(), Is.Empty);
        await heard.UnsubscribeAsync();
    }

    [TestCase("p", TaskState.Pending)]
    [TestCase("x", TaskState.Active)]
    public async Task RunTask_NamesTheState_ThatForbidsIt(string id, TaskState state)
    {
        await EnqueueOneOfEachStateAsync();
        var before = await DumpAsync();

        var thrown = await Assert.ThrowsAsync<TaskStateException>(() => Inspector.RunTasksAsync(One(id)));

        Assert.That((thrown.Queue, thrown.TaskId, thrown.State), Is.EqualTo(("mail", id, state)));
        Assert.That(thrown.Message, Does.Contain(state.ToString().ToLowerInvariant()));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task RunTask_Refuses_WhenTaskIsSetAsideToBeAggregated()
    {
        await EnqueueGroupAsync("one", "g");
        await Redis.KeyRenameAsync("asynq:{mail}:g:one", "asynq:{mail}:g:one:set");

        var thrown = await Assert.ThrowsAsync<TaskStateException>(() => Inspector.RunTasksAsync(One("g")));

        Assert.That(thrown.State, Is.EqualTo(TaskState.Aggregating));
    }

    [Test]
    public async Task Actions_TellWhatIsMissing()
    {
        await EnqueueAsync(NewTask("p"));
        Func<string, string, Task>[] actions =
        [
            (queue, id) => Inspector.RunTasksAsync(TaskSelection.One(queue, id)),
            (queue, id) => Inspector.ArchiveTasksAsync(TaskSelection.One(queue, id)),
            (queue, id) => Inspector.DeleteTasksAsync(TaskSelection.One(queue, id)),
            (queue, id) => Inspector.RescheduleTasksAsync(TaskSelection.One(queue, id), Time.GetUtcNow()),
            (queue, id) => Inspector.UpdatePayloadsAsync(TaskSelection.One(queue, id), _ => "x"u8.ToArray()),
        ];

        foreach (var action in actions)
        {
            var queue = await Assert.ThrowsAsync<QueueNotFoundException>(() => action("nowhere", "p"));
            Assert.That(queue.Queue, Is.EqualTo("nowhere"));
            var task = await Assert.ThrowsAsync<TaskNotFoundException>(() => action("mail", "nobody"));
            Assert.That((task.Queue, task.TaskId), Is.EqualTo(("mail", "nobody")));
            await Assert.ThatAsync(() => action(" ", "p"), Throws.ArgumentException);
            await Assert.ThatAsync(() => action("mail", ""), Throws.ArgumentException);
        }
    }

    [TestCase("p", "asynq:{mail}:pending")]
    [TestCase("s", "asynq:{mail}:scheduled")]
    [TestCase("r", "asynq:{mail}:retry")]
    [TestCase("c", "asynq:{mail}:completed")]
    [TestCase("g", "asynq:{mail}:g:one")]
    public async Task ArchiveTask_KeepsTaskAsItIs(string id, string container)
    {
        await EnqueueOneOfEachStateAsync();
        Time.Advance(TimeSpan.FromSeconds(5));
        var message = await StoredAsync(id);

        await Inspector.ArchiveTasksAsync(One(id));

        Assert.That(await ZSetAsync("asynq:{mail}:archived"), Is.EqualTo(new[] { ("a", (double)Now), (id, Now + 5) }));
        Assert.That(await Redis.KeyExistsAsync(container), Is.False);
        Assert.That(await StoredAsync(id), Is.EqualTo(message));
        Assert.That((await FieldsAsync(id))["state"], Is.EqualTo("archived"));
    }

    [TestCase("a", TaskState.Archived)]
    [TestCase("x", TaskState.Active)]
    public async Task ArchiveTask_NamesTheState_ThatForbidsIt(string id, TaskState state)
    {
        await EnqueueOneOfEachStateAsync();

        var thrown = await Assert.ThrowsAsync<TaskStateException>(() => Inspector.ArchiveTasksAsync(One(id)));

        Assert.That(thrown.State, Is.EqualTo(state));
    }

    [Test]
    public async Task ArchiveTask_KeepsPendingSinceAndLock()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));

        await Inspector.ArchiveTasksAsync(One("a"));

        Assert.That((await FieldsAsync("a"))["pending_since"], Is.EqualTo($"{Now}000000000"));
        Assert.That(
            (string?)await Redis.StringGetAsync("asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b"),
            Is.EqualTo("a"));
    }

    [Test]
    public async Task ArchiveTask_DropsTheOldest_WhenTheArchiveIsFull()
    {
        SkipsInvariants = true; // 10,000 tasks
        foreach (var chunk in Enumerable.Range(0, RedisStore.MostArchived).Chunk(1_000))
        {
            var batch = Redis.CreateBatch();
            var writes = chunk.SelectMany(i => (Task[])
            [
                batch.SortedSetAddAsync("asynq:{mail}:archived", $"old{i}", Now - 10_000 + i),
                batch.HashSetAsync($"asynq:{{mail}}:t:old{i}", [new("msg", ""), new("state", "archived")]),
            ]).ToArray();
            batch.Execute();
            await Task.WhenAll(writes);
        }

        await EnqueueAsync(NewTask("p"));

        await Inspector.ArchiveTasksAsync(One("p"));

        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:archived"), Is.EqualTo(9_999));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:old0"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:old1"), Is.True);
    }

    [TestCase("p")]
    [TestCase("s")]
    [TestCase("r")]
    [TestCase("a")]
    [TestCase("c")]
    [TestCase("g")]
    public async Task DeleteTask_LeavesNothingOfIt(string id)
    {
        await EnqueueOneOfEachStateAsync();

        await Inspector.DeleteTasksAsync(One(id));

        Assert.That(
            (await DumpAsync()).Where(line => line.StartsWith($"asynq:{{mail}}:t:{id} ", StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(await Inspector.FindTaskAsync("mail", id), Is.Null);
        await Assert.ThatAsync(() => Inspector.DeleteTasksAsync(One(id)), Throws.TypeOf<TaskNotFoundException>());
    }

    [Test]
    public async Task DeleteTask_Refuses_WhenItRuns()
    {
        await TakeNewAsync("x");

        var thrown = await Assert.ThrowsAsync<TaskStateException>(() => Inspector.DeleteTasksAsync(One("x")));

        Assert.That(thrown.State, Is.EqualTo(TaskState.Active));
    }

    [Test]
    public async Task DeleteTask_GivesBackOnlyItsOwnLock()
    {
        const string Lock = "asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b";
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));
        await Redis.KeyDeleteAsync(Lock);
        await EnqueueAsync(NewTask("b", new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) }));

        await Inspector.DeleteTasksAsync(One("a"));
        Assert.That((string?)await Redis.StringGetAsync(Lock), Is.EqualTo("b"));

        await Inspector.DeleteTasksAsync(One("b"));
        Assert.That(await Redis.KeyExistsAsync(Lock), Is.False);
    }

    [Test]
    public async Task UpdatePayloads_LeavesTheTask_WhenTheFunctionReturnsNull()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        var before = await DumpAsync();

        var step = await Inspector.UpdatePayloadsAsync(One("s"), _ => null);

        Assert.That((step.Count, step.Cursor), Is.EqualTo((0L, (string?)null)));
        Assert.That(await DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task UpdateTaskPayload_ChangesNothingElse()
    {
        await EnqueueAsync(NewTask("s", new EnqueueOptions
        {
            ProcessIn = TimeSpan.FromHours(1), UniqueFor = TimeSpan.FromHours(1),
            Headers = new Dictionary<string, string> { ["k"] = "v" },
        }));
        var (message, fields) = (await StoredAsync("s"), await FieldsAsync("s"));

        await Inspector.UpdatePayloadsAsync(One("s"), _ => "new"u8.ToArray());

        var changed = await StoredAsync("s");
        Assert.That(changed.Payload.ToStringUtf8(), Is.EqualTo("new"));
        changed.Payload = message.Payload;
        Assert.That(changed, Is.EqualTo(message));
        Assert.That(await FieldsAsync("s"), Is.EqualTo(fields));
    }

    [TestCase("p", TaskState.Pending)]
    [TestCase("x", TaskState.Active)]
    [TestCase("r", TaskState.Retry)]
    [TestCase("a", TaskState.Archived)]
    [TestCase("c", TaskState.Completed)]
    [TestCase("g", TaskState.Aggregating)]
    public async Task UpdateTaskPayload_NamesTheState_ThatForbidsIt(string id, TaskState state)
    {
        await EnqueueOneOfEachStateAsync();

        var thrown = await Assert.ThrowsAsync<TaskStateException>(
            () => Inspector.UpdatePayloadsAsync(One(id), _ => "new"u8.ToArray()));

        Assert.That(thrown.State, Is.EqualTo(state));
    }

    [Test]
    public async Task UpdateTaskPayload_Throws_WhenMessageCannotBeRead()
    {
        await EnqueueInAsync(TimeSpan.FromHours(1), "s");
        await Redis.HashSetAsync("asynq:{mail}:t:s", "msg", "\xff");

        await Assert.ThatAsync(
            () => Inspector.UpdatePayloadsAsync(One("s"), _ => "new"u8.ToArray()),
            Throws.TypeOf<InvalidDataException>());
    }

    [TestCase("s", "asynq:{mail}:scheduled")]
    [TestCase("r", "asynq:{mail}:retry")]
    public async Task RescheduleTask_ChangesOnlyTheDueTime(string id, string container)
    {
        await EnqueueOneOfEachStateAsync();
        var before = await DumpAsync();

        await Inspector.RescheduleTasksAsync(One(id), DateTimeOffset.FromUnixTimeSeconds(Now + 5).AddMilliseconds(1));

        Assert.That(await ZSetAsync(container), Is.EqualTo(new[] { (id, (double)Now + 6) }));
        Assert.That((await DumpAsync()).Except(before), Has.Exactly(1).Items.And.All.StartsWith(container));
    }

    [TestCase("p", TaskState.Pending)]
    [TestCase("x", TaskState.Active)]
    [TestCase("a", TaskState.Archived)]
    [TestCase("c", TaskState.Completed)]
    [TestCase("g", TaskState.Aggregating)]
    public async Task RescheduleTask_NamesTheState_ThatForbidsIt(string id, TaskState state)
    {
        await EnqueueOneOfEachStateAsync();

        var thrown = await Assert.ThrowsAsync<TaskStateException>(
            () => Inspector.RescheduleTasksAsync(One(id), Time.GetUtcNow()));

        Assert.That(thrown.State, Is.EqualTo(state));
    }

    [Test]
    public async Task RescheduleTask_ProlongsTheLock_ByWhatTheTaskIsPutOff()
    {
        const string Lock = "asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b";
        await EnqueueAsync(
            NewTask("s", new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1), UniqueFor = TimeSpan.FromHours(1) }));

        await Inspector.RescheduleTasksAsync(One("s"), Time.GetUtcNow().AddHours(3));
        Assert.That(
            await Redis.KeyTimeToLiveAsync(Lock), Is.EqualTo(TimeSpan.FromHours(4)).Within(TimeSpan.FromMinutes(1)));

        await Inspector.RescheduleTasksAsync(One("s"), Time.GetUtcNow());
        Assert.That(
            await Redis.KeyTimeToLiveAsync(Lock), Is.EqualTo(TimeSpan.FromHours(4)).Within(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task RescheduleTask_TellsWorkers_WhenItIsEarlier()
    {
        // A queue of its own: in a cluster, news from before may arrive late, and so may this task's first time.
        await EnqueueAsync(NewTask("s", new EnqueueOptions { Queue = "told", ProcessIn = TimeSpan.FromHours(1) }));
        var heard = await Redis.Multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("asynq:{told}:wake"));

        await Inspector.RescheduleTasksAsync(
            TaskSelection.One("told", "s"), DateTimeOffset.FromUnixTimeSeconds(Now + 60));

        var message = await heard.Select(news => news.Message.ToString()).FirstAsync(news => news != $"{Now + 3600}")
            .AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(message, Is.EqualTo($"{Now + 60}"));
        await heard.UnsubscribeAsync();
    }

    [Test]
    public async Task CancelTask_PublishesTheId()
    {
        // The channel is everybody's: in a cluster, what another test cancelled may arrive late.
        var cancelled = Channel.CreateUnbounded<string>();
        await using var subscription = await Store.SubscribeCancellationsAsync(id => cancelled.Writer.TryWrite(id));

        await Inspector.CancelTasksAsync(TaskSelection.One("default", "running"));

        var ids = cancelled.Reader.ReadAllAsync();
        Assert.That(
            await ids.AnyAsync(id => id == "running").AsTask().WaitAsync(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public async Task Actions_DoNothing_WhenCancelledBefore()
    {
        await EnqueueAsync(NewTask("p", payload: Encoding.UTF8.GetString("x"u8)));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThatAsync(
            () => Inspector.DeleteTasksAsync(One("p"), null, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "p" }));
    }
}
