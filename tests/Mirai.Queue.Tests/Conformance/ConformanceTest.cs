using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Legacy;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Conformance;

/// <summary>A test that holds for both layouts. The clock stands at second 4,000,000,000. Tasks have a timeout of 30
/// s, so that the lease of one layout ends with the deadline of the other.</summary>
internal abstract class ConformanceTest(RedisLayout layout) : RedisTest
{
    protected const long Now = 4_000_000_000;
    protected const string Today = "2096-10-02";

    protected RedisLayout Which => layout;

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected LayoutUnderTest Layout { get; private set; } = null!;

    protected IQueueStore Store => Layout.Store;

    [SetUp]
    public void CreateLayout()
    {
        if (layout == RedisLayout.Legacy && TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("The legacy layout does not work on a cluster.");
        }

        IConnectionMultiplexer redis = TestRedis.Connection;
        var connection = new RedisConnection(() => Task.FromResult(redis), isOwned: false);
        Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Now));
        Layout = layout == RedisLayout.Legacy
            ? new LegacyLayoutUnderTest(connection, Redis, Time)
            : new CurrentLayoutUnderTest(connection, Redis, Time);
    }

    protected NewTask NewTask(EnqueueOptions? options = null, string payload = "{\"n\":1}", string queue = "mail") =>
        Layout.Store.CreateTask(
            new QueueTask("mail:send", System.Text.Encoding.UTF8.GetBytes(payload)),
            new EnqueueOptions { Queue = queue, Timeout = TimeSpan.FromSeconds(30) }.With(options),
            Time.GetUtcNow());

    protected async Task<string> EnqueueAsync(
        EnqueueOptions? options = null, string payload = "{\"n\":1}", string queue = "mail")
    {
        var task = NewTask(options, payload, queue);
        await Store.EnqueueAsync(task.Route, [task]);
        Assert.That(task.Status, Is.EqualTo(EnqueueStatus.Enqueued));

        return task.Message.Id;
    }

    protected async Task<List<(TaskLease Lease, TaskMessage Message)>> TakeAsync(
        int count = 100, string queue = "mail")
    {
        var take = LeaseStamp.Next(Time.GetUtcNow().ToUnixTimeSeconds() + 30);
        var taken = await Store.TakeAsync(queue, count, take, withPendingSince: false);

        return [.. taken.Tasks.Select(task => (new TaskLease(queue, task.Id, take, task.Member), task.Message!))];
    }

    /// <summary>Writes back as a worker does, which changes the message before.</summary>
    protected async Task<bool> FinishAsync(
        (TaskLease Lease, TaskMessage Message) task, TaskOutcome outcome, long score = 0, string error = "")
    {
        var message = task.Message.Clone();
        message.ErrorMsg = error;
        message.Retried += outcome == TaskOutcome.Retry ? 1 : 0;
        var isOver = outcome == TaskOutcome.Done;
        var lost = await Store.FinishAsync("mail", [new FinishedTask(
            task.Lease, outcome, error.Length == 0 ? default : message.ToByteArray(), score,
            isOver && message.UniqueKey.Length > 0 ? message.UniqueKey : null)]);

        return lost.Count == 0;
    }
}
