using Microsoft.Extensions.Logging;
using Mirai.Queue.Broker;

namespace Mirai.Queue.Server.Components;

/// <summary>Listens for cancellations, and for news that end a pause. Tries until it is subscribed; from then on the
/// connection subscribes again by itself.</summary>
internal sealed class Subscriber(
    IBroker broker, RunningTasks running, IEnumerable<IWakeUpSource> wakeUps, Action<WakeUp> onWakeUp, RedisRetry retry,
    TimeProvider time, ILogger<Subscriber> logger)
    : PeriodicComponent(Timeout.InfiniteTimeSpan, startsAtOnce: true, retry, time, logger)
{
    private readonly List<IAsyncDisposable> subscriptions = [];

    public override async Task StopAsync()
    {
        await base.StopAsync().ConfigureAwait(false);
        foreach (var subscription in subscriptions)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (subscriptions.Count == 0)
        {
            subscriptions.Add(await broker.SubscribeCancellationsAsync(
                taskId => running.Cancel(taskId, CancelReason.Canceled)).ConfigureAwait(false));
        }

        foreach (var source in wakeUps.Skip(subscriptions.Count - 1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            subscriptions.Add(await source.ListenAsync(onWakeUp).ConfigureAwait(false));
        }
    }
}
