using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server.Finishing;

internal sealed class HeartbeaterTests : ServerTest
{
    [Test]
    public async Task RunOnce_ShowsServerAndItsRunningTasks()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task);
        parts.Identity.Status = ServerStatus.Active;
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();

        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        var name = $"{{{parts.Identity.Host}:{Environment.ProcessId}:{parts.Identity.Id}}}";
        var server = ServerInfo.Parser.ParseFrom((byte[])(await Redis.StringGetAsync($"asynq:servers:{name}"))!);
        Assert.That(
            (server.Status, server.Concurrency, server.ActiveWorkerCount, server.Queues["mail"],
                server.StartTime.Seconds),
            Is.EqualTo(("active", 10, 1, 1, Now)));
        var worker = WorkerInfo.Parser.ParseFrom((byte[])(await Redis.HashGetAsync($"asynq:workers:{name}", "a"))!);
        Assert.That(
            (worker.TaskType, worker.TaskPayload.ToStringUtf8(), worker.Queue, worker.StartTime.Seconds,
                worker.Deadline.Seconds),
            Is.EqualTo(("mail:send", "{}", "mail", Now, Now + 1800)));
        release.SetResult();
    }

    [Test]
    public async Task RunOnce_RenewsLeases_OfRunningTasks()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task);
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();

        Time.Advance(TimeSpan.FromSeconds(5));
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(new[] { ("a", Now + 35d) }));
        release.SetResult();
    }

    [Test]
    public async Task RunOnce_CancelsTask_WhenItsLeaseBelongsToAnother()
    {
        var parts = Parts(
            context => Cancellation.WaitAsync(context.CancellationToken));
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();
        await Redis.SortedSetAddAsync("asynq:{mail}:lease", "a", Now + 99);
        var before = await ZSetAsync("asynq:{mail}:lease");

        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await WriteBackAsync(parts);

        Assert.That(await ZSetAsync("asynq:{mail}:lease"), Is.EqualTo(before));
        Assert.That(await ListAsync("asynq:{mail}:active"), Is.EqualTo(new[] { "a" }), "it is the other's to finish");
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task RunOnce_CancelsTask_WhenRedisWasAwayForItsWholeLease()
    {
        var parts = Parts(
            context => Cancellation.WaitAsync(context.CancellationToken));
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();
        Faults.Plan(_ => FaultyStore.Fault.NotSent);

        Time.Advance(TimeSpan.FromSeconds(31));
        Assert.That(
            () => parts.Heartbeater.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        Faults.Plan(_ => FaultyStore.Fault.None);
        await WriteBackAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("asynq: task lease expired"));
        Assert.That(
            await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1),
            "still its own: nobody had to recover it");
    }

    [Test]
    public async Task RunOnce_KeepsTask_WhenOneRenewalGotNoReply()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task);
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();
        Faults.FailFirst(nameof(IQueueStore.ExtendLeaseAsync), 1, FaultyStore.Fault.ReplyLost);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(
            () => parts.Heartbeater.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());

        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await WriteBackAsync(parts);

        Assert.That(
            await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False, "the renewal may have arrived, and it had");
    }

    [Test]
    public async Task Stop_RemovesServerFromTheList()
    {
        var parts = Parts();
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        await parts.Heartbeater.StopAsync();

        Assert.That(await KeysAsync(), Is.Empty);
    }
}
