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

        Assert.That(await LeasesAsync(), Is.EqualTo(new[] { ("a", Now + 35d) }));
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
    public async Task RunOnce_LetsTaskGoOn_WhenRedisWasAwayForItsWholeLease()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task);
        await EnqueueAsync(NewTask("a"));
        await parts.Processor.FillAsync();
        Faults.Plan(_ => FaultyStore.Fault.NotSent);

        Time.Advance(TimeSpan.FromSeconds(31));
        Assert.That(
            () => parts.Heartbeater.RunOnceAsync(CancellationToken.None),
            Throws.InstanceOf<StackExchange.Redis.RedisConnectionException>());
        Faults.Plan(_ => FaultyStore.Fault.None);
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        Assert.That(Handled.Single().CancellationToken.IsCancellationRequested, Is.False);
        Assert.That(await LeasesAsync(), Is.EqualTo(new[] { ("a", Now + 61d) }), "still its own, and renewed");
        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await WriteBackAsync(parts);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False);
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:failed"), Is.False);
    }

    [Test]
    public async Task RunOnce_RenewsTheOtherQueues_WhenOneIsBroken()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task, options => options.Queues["bad"] = 1);
        await EnqueueAsync(NewTask("a"));
        await EnqueueAsync(NewTask("b", new EnqueueOptions { Queue = "bad" }));
        await parts.Processor.FillAsync();
        await Redis.KeyDeleteAsync("asynq:{bad}:lease");
        await Redis.StringSetAsync("asynq:{bad}:lease", "no sorted set");

        foreach (var second in new[] { 5, 10 })
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
            Assert.That(await LeasesAsync(), Is.EqualTo(new[] { ("a", Now + 30d + second) }));
        }

        Assert.That(
            Log.Lines.Select(line => line.Message),
            Has.One.StartsWith("Renewing the leases of queue bad failed."));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:servers"), Is.EqualTo(1));
        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
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
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));
        await WriteBackAsync(parts);

        Assert.That(
            await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False, "the renewal may have arrived, and it had");
    }

    [Test]
    public async Task RunOnce_PublishesOnlyWhatChanged_AndAllWhenTheRecordWasLost()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(context => context.TaskId == "short" ? Task.CompletedTask : release.Task);
        var workers = $"asynq:workers:{{{parts.Identity.Host}:{Environment.ProcessId}:{parts.Identity.Id}}}";
        await EnqueueAsync(NewTask("a"), NewTask("b"));
        await parts.Processor.FillAsync();
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        await Redis.HashSetAsync(workers, "a", "not written again");

        await EnqueueAsync(NewTask("c"));
        await parts.Processor.FillAsync();
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        Assert.That((string?)await Redis.HashGetAsync(workers, "a"), Is.EqualTo("not written again"));
        Assert.That(await IdsAsync(workers), Is.EquivalentTo(new[] { "a", "b", "c" }));

        await Redis.KeyDeleteAsync(workers);
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        Assert.That(await IdsAsync(workers), Is.EquivalentTo(new[] { "a", "b", "c" }));
        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(10));

        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);
        Assert.That(await IdsAsync(workers), Is.Empty);
    }

    [Test]
    public async Task RunOnce_PublishesInCallsOfBoundedSize_WhenManyTasksRun()
    {
        var release = new TaskCompletionSource();
        var parts = Parts(_ => release.Task, options => options.Concurrency = 1_200);
        var large = new string('x', 600_000);
        await EnqueueAsync([.. Enumerable.Range(0, 1_160).Select(i => NewTask($"t{i}"))]);
        await EnqueueAsync([.. Enumerable.Range(0, 40).Select(i => NewTask($"large{i}", payload: large))]);
        while ((await parts.Processor.FillAsync()).Started > 0)
        {
        }

        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        var calls = Faults.Calls.Count(call => call == nameof(IQueueStore.WriteServerStateAsync));
        Assert.That(calls, Is.GreaterThanOrEqualTo(15), "at most 500 tasks, or a megabyte and one task, each");
        var workers = $"asynq:workers:{{{parts.Identity.Host}:{Environment.ProcessId}:{parts.Identity.Id}}}";
        var published = await Redis.HashGetAllAsync(workers);
        Assert.That(published, Has.Length.EqualTo(1_200));
        Assert.That(
            published.Sum(worker => (long)WorkerInfo.Parser.ParseFrom((byte[])worker.Value!).TaskPayload.Length),
            Is.InRange(15 * 1024 * 1024, PublishedTasks.MaxPayloadBytes));
        release.SetResult();
        await parts.Running.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Stop_RemovesServerFromTheList()
    {
        var parts = Parts();
        await parts.Heartbeater.RunOnceAsync(CancellationToken.None);

        await parts.Heartbeater.StopAsync();

        Assert.That(await KeysAsync(), Is.Empty);
    }

    private static async Task<string[]> IdsAsync(string workers) =>
        [.. (await Redis.HashKeysAsync(workers)).Select(id => id.ToString())];
}
