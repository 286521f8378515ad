using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Listens for cancellations, and for news that end a pause. Tries until it is subscribed; from then on the
/// connection subscribes again by itself.</summary>
internal sealed class Subscriber(
    IQueueStore store, RunningTasks running, IReadOnlyList<IWakeUpSource> wakeUps, Action<WakeUp> onWakeUp,
    RedisHealth health,
    TimeProvider time, ILogger<Subscriber> logger)
    : Loop(health, time, logger)
{
    private readonly (IAsyncDisposable? Subscription, int Version)[] listening = new (IAsyncDisposable?, int)[wakeUps.Count];
    private IAsyncDisposable? cancellations;
    private int version;

    protected override async Task EndAsync()
    {
        await base.EndAsync().ConfigureAwait(false);
        foreach (var subscription in listening.Select(source => source.Subscription).Prepend(cancellations))
        {
            if (subscription is not null)
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The server serves other queues now: it listens to them instead.</summary>
    public void OnQueuesChanged()
    {
        Interlocked.Increment(ref version);
        RunNow();
    }

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        cancellations ??= await store.SubscribeCancellationsAsync(
            taskId => running.Cancel(taskId, CancelReason.Canceled)).ConfigureAwait(false);

        var wanted = Volatile.Read(ref version);
        for (var i = 0; i < listening.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ListenAsync(i, wanted).ConfigureAwait(false);
        }

        return Timeout.InfiniteTimeSpan;
    }

    // The new subscription before the end of the old: no news is missed in between, only some heard twice.
    private async Task ListenAsync(int source, int wanted)
    {
        var old = listening[source];
        if (old.Subscription is null || old.Version != wanted)
        {
            listening[source] = (await wakeUps[source].ListenAsync(onWakeUp).ConfigureAwait(false), wanted);
            if (old.Subscription is { } ended)
            {
                await ended.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
