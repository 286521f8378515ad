using System.Threading.Channels;
using Mirai.Queue.Store;

namespace Mirai.Queue.Tests.Store;

internal sealed class RedisStoreSignalsTests : StoreTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A queue of its own for each test: in a cluster, news from before may arrive late.
    private string queue = "";

    [SetUp]
    public void ChooseQueue() => queue = TestContext.CurrentContext.Test.MethodName!;

    [Test]
    public async Task SubscribeCancellations_HearsTaskId_WhenPublishedByAnybody()
    {
        var heard = Channel.CreateUnbounded<string>();
        // The channel is everybody's: in a cluster, what another test cancelled may arrive late.
        await using var subscription = await Store.SubscribeCancellationsAsync(
            id => _ = id is "ours" or "from Go" && heard.Writer.TryWrite(id));

        await Store.PublishCancellationAsync("ours");
        Assert.That(await ReadAsync(heard), Is.EqualTo("ours"));

        await Redis.ExecuteAsync("PUBLISH", "asynq:cancel", "from Go");
        Assert.That(await ReadAsync(heard), Is.EqualTo("from Go"));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsQueueOnce_WhenItStopsBeingEmpty()
    {
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Store.SubscribeWakeUpsAsync(
            [queue], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await EnqueueAsync(NewTask("a", InQueue()));
        await EnqueueAsync(NewTask("b", InQueue())); // not empty any more: no news
        await EnqueueAsync(NewTask("later", InQueue() with { ProcessIn = TimeSpan.FromSeconds(50) }));

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, null)));
        Assert.That(
            await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, DateTimeOffset.FromUnixTimeSeconds(Now + 50))));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsDueTime_OnlyWhenItIsTheEarliest()
    {
        await Redis.SortedSetAddAsync($"asynq:{{{queue}}}:scheduled", "first", Now + 50);
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Store.SubscribeWakeUpsAsync(
            [queue], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await EnqueueAsync(NewTask("later", InQueue() with { ProcessIn = TimeSpan.FromSeconds(60) }));
        await EnqueueAsync(NewTask("sooner", InQueue() with { ProcessIn = TimeSpan.FromSeconds(40) }));

        Assert.That(
            await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, DateTimeOffset.FromUnixTimeSeconds(Now + 40))));
    }

    [TestCase("tenant:*", "tenant:42")]
    [TestCase("a[b]?^\\*", "a[b]?^\\1")]
    public async Task SubscribeWakeUps_HearsEveryQueueOfAPattern_AndNoOther(string pattern, string queue)
    {
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Store.SubscribeWakeUpsAsync(
            [pattern], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = "abx^1" }));
        await EnqueueAsync(NewTask("a", new EnqueueOptions { Queue = queue }));

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, null)));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsQueue_WhenTasksAreForwardedOrPutBack()
    {
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Store.SubscribeWakeUpsAsync(
            [queue], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);
        await EnqueueAsync(NewTask("a", InQueue() with { ProcessIn = TimeSpan.FromSeconds(1) }));
        await ReadAsync(heard);
        Time.Advance(TimeSpan.FromSeconds(1));

        await Store.ForwardAsync(queue);
        await Store.TakeAsync(queue, 1, Now + 30, withPendingSince: false);
        await Store.FinishAsync(queue, [new FinishedTask(new TaskLease(queue, "a", Now + 30), TaskOutcome.Requeued)]);

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, null)), "forwarded");
        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, null)), "put back");
    }

    [Test]
    public async Task SubscribeWakeUps_TellsThatAnyQueueMayHaveNews_WhenItBeginsToListen()
    {
        var heard = Channel.CreateUnbounded<WakeUp>();

        await using var subscription = await Store.SubscribeWakeUpsAsync(
            [queue, queue + "2"], news => heard.Writer.TryWrite(news));

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(null, null)));
    }

    private EnqueueOptions InQueue() => new() { Queue = queue };

    private static async Task SkipFirstNewsAsync(Channel<WakeUp> heard) => await ReadAsync(heard);

    private static async Task<T> ReadAsync<T>(Channel<T> channel)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await channel.Reader.ReadAsync(patience.Token);
    }
}
