namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreTakeTests : StoreTest
{
    [Test]
    public async Task Take_MovesTheOldestFirst_WhenSeveralWait()
    {
        await EnqueueAsync(NewTask("a"), NewTask("b"), NewTask("c"));

        var taken = await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);

        Assert.That(taken.Tasks.Select(task => task.Message!.Id), Is.EqualTo(new[] { "a", "b" }));
        Assert.That((taken.Left, taken.Ghosts), Is.EqualTo((1L, 0L)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "c" }));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("a", Now + 30d), ("b", Now + 30d) }));
        Assert.That(await FieldsAsync("a"), Is.EquivalentTo(new Dictionary<string, string> { ["state"] = "active" }));
    }

    [Test]
    public async Task Take_TellsSinceWhenTasksArePending_WhenAsked()
    {
        await EnqueueAsync(NewTask("a"));

        var taken = await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: true);

        Assert.That(taken.Tasks[0].PendingSince, Is.EqualTo(4_000_000_000_000_000_000));
    }

    [Test]
    public async Task Take_OnlyLooks_WhenCountIsZero()
    {
        await EnqueueAsync(NewTask("a"), NewTask("b"));

        var taken = await Store.TakeAsync("mail", 0, Now + 30, withPendingSince: false);

        Assert.That((taken.Tasks.Count, taken.Left), Is.EqualTo((0, 2L)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public async Task Take_TakesNothing_WhenQueueIsPaused()
    {
        await EnqueueAsync(NewTask("a"));
        await Redis.StringSetAsync("asynq:{mail}:paused", Now);

        var taken = await Store.TakeAsync("mail", 5, Now + 30, withPendingSince: false);

        Assert.That((taken.Tasks.Count, taken.Left), Is.EqualTo((0, 0L)));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task Take_DropsTheGhost_WhenHashIsGone()
    {
        await EnqueueAsync(NewTask("ghost"), NewTask("b"));
        await Redis.KeyDeleteAsync("asynq:{mail}:t:ghost");

        var taken = await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);

        Assert.That(taken.Tasks.Select(task => task.Id), Is.EqualTo(new[] { "b" }));
        Assert.That(taken.Ghosts, Is.EqualTo(1));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "b" }));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:ghost"), Is.False);
    }

    [Test]
    public async Task Take_FreesTheId_WhenHashHasNoMessage()
    {
        await Redis.ListLeftPushAsync("asynq:{mail}:pending", "phantom");
        await Redis.HashSetAsync("asynq:{mail}:t:phantom", "state", "pending");

        await Store.TakeAsync("mail", 1, Now + 30, withPendingSince: false);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:phantom"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:active"), Is.False);
    }

    [Test]
    public async Task Take_ReturnsIdWithoutMessage_WhenBytesAreNoMessage()
    {
        await EnqueueAsync(NewTask("bad"), NewTask("good"));
        await Redis.HashSetAsync("asynq:{mail}:t:bad", "msg", "\xff\xff\xff");

        var taken = await Store.TakeAsync("mail", 2, Now + 30, withPendingSince: false);

        Assert.That(
            taken.Tasks.Select(task => (task.Id, task.Message is null)),
            Is.EqualTo(new[] { ("bad", true), ("good", false) }));
    }

    [Test]
    public async Task Take_StopsAtTheSizeLimit_WhenMessagesAreLarge()
    {
        var large = new string('x', 3 * 1024 * 1024);
        await EnqueueAsync(NewTask("a", payload: large));
        await EnqueueAsync(NewTask("b", payload: large));
        await EnqueueAsync(NewTask("c", payload: large));

        var taken = await Store.TakeAsync("mail", 3, Now + 30, withPendingSince: false);

        Assert.That(taken.Tasks.Select(task => task.Id), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(taken.Left, Is.EqualTo(1));
    }
}
