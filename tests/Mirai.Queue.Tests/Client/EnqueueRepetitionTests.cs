using Mirai.Queue.Client;
using Mirai.Queue.Store;
using Mirai.Queue.Tests.Server;
using Mirai.Queue.Tests.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Client;

/// <summary>The first send of a task had no reply.</summary>
internal sealed class EnqueueRepetitionTests : StoreTest
{
    private FaultyStore faults = null!;

    [SetUp]
    public void CreateFaults() => faults = new FaultyStore(Store);

    [Test]
    public async Task ChosenId_IsUnknownAndNotStoredAgain_WhenItsTaskMayHaveEnded()
    {
        var task = NewTask("a");
        var repetition = await LoseReplyAsync(task);
        await EndAsync("a");

        Assert.That(await repetition.TryAgainAsync(default), Is.True);

        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Unknown));
        Assert.That(task.Error?.Message, Does.StartWith("It is unknown whether task a of queue 'mail' was stored"));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(2)]
    public async Task ChosenId_IsEnqueued_WhenItsTaskIsThere(int retried)
    {
        var task = NewTask("a");
        var repetition = await LoseReplyAsync(task);
        var message = task.Message.Clone();
        (message.Retried, message.ErrorMsg, message.LastFailedAt) = (retried, retried > 0 ? "failed" : "", retried);
        await SetMessageAsync("a", message);

        Assert.That(await repetition.TryAgainAsync(default), Is.True);

        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task ChosenId_IsSentAgain_WhenTheFirstSendNeverLeft()
    {
        var task = NewTask("a");
        faults.FailFirst(nameof(IQueueStore.EnqueueAsync), 1, FaultyStore.Fault.NotSent);
        var repetition = await FailAsync(task);

        Assert.That(await repetition.TryAgainAsync(default), Is.True);

        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));
    }

    [Test]
    public async Task ChosenId_IsSentAgain_WhenItsTaskCannotHaveEnded()
    {
        NewTask[] tasks =
        [
            NewTask("kept", new EnqueueOptions { Retention = TimeSpan.FromHours(1) }),
            NewTask("later", new EnqueueOptions { ProcessIn = TimeSpan.FromHours(1) }),
        ];
        foreach (var task in tasks)
        {
            var repetition = await LoseReplyAsync(task);
            await EndAsync(task.Message.Id);

            Assert.That(await repetition.TryAgainAsync(default), Is.True);
        }

        Assert.That(tasks.Select(task => task.Status), Is.All.EqualTo(EnqueueStatus.Enqueued));
    }

    [Test]
    public async Task StoredTask_IsEnqueued_WhenASecondFaultFollowsTheLostReply()
    {
        var task = NewTask("a", new EnqueueOptions { Retention = TimeSpan.FromHours(1) });
        var repetition = await LoseReplyAsync(task);
        faults.FailFirst(nameof(IQueueStore.IsStoredAsync), 1, FaultyStore.Fault.NotSent);
        Assert.That(await repetition.TryAgainAsync(default), Is.False, "the look at the task failed");

        Assert.That(await repetition.TryAgainAsync(default), Is.True);

        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));
        Assert.That(faults.Calls.Count(call => call == nameof(IQueueStore.EnqueueAsync)), Is.EqualTo(2));
    }

    [Test]
    public async Task OtherTask_IsAConflict_WhenItHasTheId()
    {
        var task = NewTask("a", new EnqueueOptions { Retention = TimeSpan.FromHours(1) });
        await EnqueueAsync(NewTask("a", payload: "other"));
        var repetition = await LoseReplyAsync(task);

        Assert.That(await repetition.TryAgainAsync(default), Is.True);

        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.TaskIdConflict));
    }

    private Task<EnqueueRepetition> LoseReplyAsync(NewTask task)
    {
        faults.Plan(_ => FaultyStore.Fault.None);
        faults.FailFirst(nameof(IQueueStore.EnqueueAsync), 1, FaultyStore.Fault.ReplyLost);
        return FailAsync(task);
    }

    // The store settles the task when the reply comes: the sender never saw this one.
    private async Task<EnqueueRepetition> FailAsync(NewTask task)
    {
        var sent = new NewTask(task.Message, task.HasOwnId, task.ProcessAt, task.LockLifetime);
        var cause = await Assert.ThrowsAsync<RedisConnectionException>(() => faults.EnqueueAsync(sent.Route, [sent]));

        return new EnqueueRepetition(faults, [task], cause!, Time);
    }

    private static async Task EndAsync(string id)
    {
        await Redis.KeyDeleteAsync($"asynq:{{mail}}:t:{id}");
        await Redis.ListRemoveAsync("asynq:{mail}:pending", id);
        await Redis.SortedSetRemoveAsync("asynq:{mail}:scheduled", id);
    }
}
