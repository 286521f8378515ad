using System.Threading.Channels;
using Mirai.Queue.Broker;

namespace Mirai.Queue.Tests.Broker;

internal sealed class RedisBrokerSignalsTests : BrokerTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task SubscribeCancellations_HearsTaskId_WhenPublishedByAnybody()
    {
        var heard = Channel.CreateUnbounded<string>();
        await using var subscription = await Broker.SubscribeCancellationsAsync(id => heard.Writer.TryWrite(id));

        await Broker.PublishCancellationAsync("ours");
        await Redis.ExecuteAsync("PUBLISH", "asynq:cancel", "from Go");

        Assert.That(await ReadAsync(heard), Is.EqualTo("ours"));
        Assert.That(await ReadAsync(heard), Is.EqualTo("from Go"));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsQueueOnce_WhenItStopsBeingEmpty()
    {
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Broker.SubscribeWakeUpsAsync(["mail"], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await EnqueueAsync(NewTask("a"));
        await EnqueueAsync(NewTask("b")); // not empty any more: no news
        await EnqueueAsync(NewTask("later", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(50) }));

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp("mail", null)));
        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp("mail", DateTimeOffset.FromUnixTimeSeconds(Now + 50))));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsDueTime_OnlyWhenItIsTheEarliest()
    {
        await EnqueueAsync(NewTask("first", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(50) }));
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Broker.SubscribeWakeUpsAsync(["mail"], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await EnqueueAsync(NewTask("later", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(60) }));
        await EnqueueAsync(NewTask("sooner", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(40) }));

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp("mail", DateTimeOffset.FromUnixTimeSeconds(Now + 40))));
    }

    [Test]
    public async Task SubscribeWakeUps_HearsQueue_WhenTasksAreForwardedOrPutBack()
    {
        await EnqueueAsync(NewTask("a", new EnqueueOptions { ProcessIn = TimeSpan.FromSeconds(1) }));
        Time.Advance(TimeSpan.FromSeconds(1));
        var heard = Channel.CreateUnbounded<WakeUp>();
        await using var subscription = await Broker.SubscribeWakeUpsAsync(["mail"], news => heard.Writer.TryWrite(news));
        await SkipFirstNewsAsync(heard);

        await Broker.ForwardAsync("mail");
        await Broker.TakeAsync("mail", 1, Now + 30, withPendingSince: false);
        await Broker.FinishAsync("mail", [new FinishedTask(Lease("a"), TaskOutcome.Requeued)]);

        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp("mail", null)), "forwarded");
        Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp("mail", null)), "put back");
    }

    [Test]
    public async Task SubscribeWakeUps_TellsOfEveryQueue_WhenItBeginsToListen()
    {
        var heard = Channel.CreateUnbounded<WakeUp>();

        await using var subscription = await Broker.SubscribeWakeUpsAsync(["mail", "sms"], news => heard.Writer.TryWrite(news));

        foreach (var queue in new[] { "mail", "sms" })
        {
            Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, null)));
            Assert.That(await ReadAsync(heard), Is.EqualTo(new WakeUp(queue, Time.GetUtcNow())));
        }
    }

    private static async Task SkipFirstNewsAsync(Channel<WakeUp> heard)
    {
        await ReadAsync(heard);
        await ReadAsync(heard);
    }

    private static async Task<T> ReadAsync<T>(Channel<T> channel)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await channel.Reader.ReadAsync(patience.Token);
    }
}
