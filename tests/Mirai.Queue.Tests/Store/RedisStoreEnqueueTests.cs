using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreEnqueueTests : StoreTest
{
    [Test]
    public async Task Enqueue_WritesHashAndList_WhenTaskIsNew()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { MaxRetry = 3 }));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["state"] = "pending",
            ["pending_since"] = "4000000000000000000",
        }));
        Assert.That(
            (await Redis.SetMembersAsync("asynq:queues")).Select(name => name.ToString()),
            Is.EqualTo(new[] { "mail" }));
        var message = await StoredAsync("a");
        Assert.That(
            (message.Type, message.Id, message.Queue, message.Retry, message.Timeout, message.Payload.ToStringUtf8()),
            Is.EqualTo(("mail:send", "a", "mail", 3, 1800, "{}")));
    }

    [Test]
    public async Task Enqueue_PushesAtTheHead_WhenOthersWait()
    {
        await EnqueueAsync(NewTask("first"));
        await EnqueueAsync(NewTask("second"), NewTask("third"));

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "third", "second", "first" }));
    }

    [Test]
    public async Task Enqueue_RefusesOnlyTheTakenId_WhenOneOfABatchExists()
    {
        await EnqueueAsync(NewTask("b", payload: "first"));
        var batch = new[] { NewTask("a"), NewTask("b", payload: "second"), NewTask("c") };

        await Store.EnqueueAsync(batch[0].Route, batch);

        Assert.That(batch.Select(task => task.Status), Is.EqualTo(
            new[] { EnqueueStatus.Enqueued, EnqueueStatus.TaskIdConflict, EnqueueStatus.Enqueued }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "c", "a", "b" }));
        Assert.That((await StoredAsync("b")).Payload.ToStringUtf8(), Is.EqualTo("first"));
    }

    [Test]
    public async Task Enqueue_StoresTheFirst_WhenABatchHasAnIdTwice()
    {
        var batch = new[] { NewTask("a", payload: "first"), NewTask("a", payload: "second") };

        await Store.EnqueueAsync(batch[0].Route, batch);

        Assert.That(
            batch.Select(task => task.Status),
            Is.EqualTo(new[] { EnqueueStatus.Enqueued, EnqueueStatus.TaskIdConflict }));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That((await StoredAsync("a")).Payload.ToStringUtf8(), Is.EqualTo("first"));
    }

    [Test]
    public async Task Enqueue_TakesLockWithItsLifetime_WhenUnique()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromSeconds(90.7) }));

        const string LockKey = "asynq:{mail}:unique:mail:send:99914b932bd37a50b983c5e7c90ae93b"; // MD5 of {}
        Assert.That((string?)await Redis.StringGetAsync(LockKey), Is.EqualTo("a"));
        Assert.That(
            await Redis.KeyTimeToLiveAsync(LockKey),
            Is.EqualTo(TimeSpan.FromSeconds(90)).Within(TimeSpan.FromSeconds(2)));
        Assert.That((await FieldsAsync("a"))["unique_key"], Is.EqualTo(LockKey));
        Assert.That((await StoredAsync("a")).UniqueKey, Is.EqualTo(LockKey));
    }

    [Test]
    public async Task Enqueue_NamesTheOwner_WhenLockIsHeld()
    {
        var unique = new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) };
        await EnqueueAsync(NewTask("a", unique));
        var second = NewTask("b", unique);

        await Store.EnqueueAsync(second.Route, [second]);

        Assert.That((second.Status, second.LockOwner), Is.EqualTo((EnqueueStatus.Duplicate, "a")));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:b"), Is.False);
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Enqueue_LeavesNoLock_WhenIdOfUniqueTaskIsTaken()
    {
        await EnqueueAsync(NewTask("a", payload: "other"));
        var second = NewTask("a", new EnqueueOptions { UniqueFor = TimeSpan.FromMinutes(1) });

        await Store.EnqueueAsync(second.Route, [second]);

        Assert.That(second.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
        Assert.That(await Redis.KeyExistsAsync(UniqueKey.For("mail", "mail:send", "{}"u8.ToArray())), Is.False);
    }

    [Test]
    public async Task Enqueue_WritesScheduledSetWithWholeSeconds_WhenDueLater()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(90.9) }));

        Assert.That(await ZSetAsync("asynq:{mail}:scheduled"), Is.EqualTo(new[] { ("a", 4_000_000_091d) }));
        Assert.That(
            await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "scheduled" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:pending"), Is.False);
    }

    [Test]
    public async Task Enqueue_CountsLockFromDueTime_WhenScheduledAndUnique()
    {
        var task = NewTask("a", new EnqueueOptions
        {
            ProcessIn = TimeSpan.FromMinutes(10),
            UniqueFor = TimeSpan.FromMinutes(5),
        });

        await EnqueueAsync(task);

        Assert.That(
            await Redis.KeyTimeToLiveAsync(task.Message.UniqueKey),
            Is.EqualTo(TimeSpan.FromMinutes(15)).Within(TimeSpan.FromSeconds(2)));
        Assert.That((await FieldsAsync("a")).Keys, Is.EquivalentTo(new[] { "state", "unique_key" }));
    }

    [Test]
    public async Task Enqueue_NamesTheOwner_WhenScheduledTaskIsADuplicate()
    {
        var unique = new EnqueueOptions { ProcessIn = TimeSpan.FromMinutes(10), UniqueFor = TimeSpan.FromMinutes(5) };
        await EnqueueAsync(NewTask("a", unique));
        var second = NewTask("b", unique);

        await Store.EnqueueAsync(second.Route, [second]);

        Assert.That((second.Status, second.LockOwner), Is.EqualTo((EnqueueStatus.Duplicate, "a")));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:scheduled"), Is.EqualTo(1));
    }

    [Test]
    public async Task Enqueue_WritesGroupAndItsName_WhenGrouped()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Group = "daily" }));

        Assert.That(await ZSetAsync("asynq:{mail}:g:daily"), Is.EqualTo(new[] { ("a", (double)Now) }));
        Assert.That(
            (await Redis.SetMembersAsync("asynq:{mail}:groups")).Select(name => name.ToString()),
            Is.EqualTo(new[] { "daily" }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string>
        {
            ["state"] = "aggregating",
            ["group"] = "daily",
        }));
    }

    [Test]
    public async Task Enqueue_DoesNotNameTheLockInTheHash_WhenGroupedAndUnique()
    {
        var task = NewTask("a", new EnqueueOptions { Group = "daily", UniqueFor = TimeSpan.FromMinutes(5) });

        await EnqueueAsync(task);

        Assert.That((string?)await Redis.StringGetAsync(task.Message.UniqueKey), Is.EqualTo("a"));
        Assert.That((await FieldsAsync("a")).Keys, Is.EquivalentTo(new[] { "state", "group" }));
    }

    [Test]
    public async Task Enqueue_RefusesGroupedTask_WhenIdIsTaken()
    {
        await EnqueueAsync(NewTask("a"));
        var second = NewTask("a", new EnqueueOptions { Group = "daily" });

        await Store.EnqueueAsync(second.Route, [second]);

        Assert.That(second.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:g:daily"), Is.False);
    }

    [Test]
    public async Task Enqueue_ListsQueueAgain_WhenSomebodyDeletedItAMinuteAgo()
    {
        await EnqueueAsync(NewTask("a"));
        await Redis.SetRemoveAsync("asynq:queues", "mail");

        Time.Advance(TimeSpan.FromMinutes(1));
        await EnqueueAsync(NewTask("b"));

        Assert.That(await Redis.SetContainsAsync("asynq:queues", "mail"), Is.True);
    }

    [Test]
    public async Task IsStored_TellsOwnMessageFromAnother_WhenIdIsTheSame()
    {
        var stored = NewTask("a", payload: "one");
        await EnqueueAsync(stored);

        Assert.That(await Store.IsStoredAsync(stored), Is.True);
        Assert.That(await Store.IsStoredAsync(NewTask("a", payload: "two")), Is.False);
        Assert.That(await Store.IsStoredAsync(NewTask("b")), Is.False);
    }
}
