using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Listens for cancellations, and for wake-ups: signals of Mirai's scripts that a queue is no longer empty,
/// or that a task is due earlier than known, and reports of Redis that a watched queue changed. The subscriber repeats
/// until it is subscribed; from then on, the connection subscribes again by itself. Signals may be late, doubled or
/// lost: they only save time.</summary>
internal sealed partial class Subscriber(
    IQueueStore store, RunningTasks running, ServedQueues queues, Action<WakeUp> onWakeUp, RedisHealth health,
    TimeProvider time, ILogger<Subscriber> logger)
    : Loop(health, time, logger)
{
    private readonly ILogger logger = logger;
    private IAsyncDisposable? cancellations;
    private IAsyncDisposable? watch;
    private IAsyncDisposable? wakeUps;
    private IReadOnlyList<string>? subscribed;
    private bool hasAskedRedis;

    internal override bool HasAskedRedis => hasAskedRedis;

    protected override async Task EndAsync()
    {
        await base.EndAsync().ConfigureAwait(false);
        foreach (var subscription in (IAsyncDisposable?[])[cancellations, wakeUps, watch])
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Subscribes to the queues that the settings name now.</summary>
    public void OnQueuesChanged() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        hasAskedRedis = cancellations is null;
        cancellations ??= await store.SubscribeCancellationsAsync(
            taskId => running.Cancel(taskId, CancelReason.Canceled)).ConfigureAwait(false);

        cancellationToken.ThrowIfCancellationRequested();
        watch ??= store.WatchPending(queue => onWakeUp(new WakeUp(queue, null)), LogUnwatched);
        var entries = queues.Current.Entries;
        if (subscribed is null || !subscribed.SequenceEqual(entries))
        {
            // The new subscription starts before the old one ends: no signal is missed, some are heard twice.
            var before = wakeUps;
            wakeUps = await store.SubscribeWakeUpsAsync(entries, onWakeUp).ConfigureAwait(false);
            subscribed = entries;
            hasAskedRedis = true;
            if (before is not null)
            {
                await before.DisposeAsync().ConfigureAwait(false);
            }
        }

        return Timeout.InfiniteTimeSpan;
    }

    private void LogUnwatched(Exception exception) => LogUnwatched(logger, exception.Message);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Redis does not report new tasks of producers that send no signal, such as Go services: {Reason} The " +
            "server finds such tasks at its next poll (TaskCheckInterval). Redis 6 or later that is no cluster reports " +
            "them if the Redis user may run CLIENT TRACKING and CLIENT LIST and read the channel __redis__:invalidate")]
    private static partial void LogUnwatched(ILogger logger, string reason);
}
