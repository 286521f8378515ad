using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Moves scheduled and retry tasks to the pending list once they are due: sleeps until the earliest due time
/// it knows of, and looks anyway after an interval for those it was not told about.</summary>
internal sealed class Forwarder(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisRetry retry, TimeProvider time,
    ILogger<Forwarder> logger) : PeriodicComponent(interval, startsAtOnce: true, retry, time, logger)
{
    // Due times are whole seconds and timers a little imprecise: waking too early would cost a second look.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan interval = interval;
    private readonly Lock gate = new();
    private DateTimeOffset nextDue = DateTimeOffset.MaxValue;

    protected override TimeSpan Pause
    {
        get
        {
            DateTimeOffset due;
            lock (gate)
            {
                due = nextDue;
            }

            var now = Time.GetUtcNow();
            if (due > now + interval)
            {
                return interval;
            }

            return due > now ? due - now + Lateness : Lateness;
        }
    }

    /// <summary>Something is due then, maybe earlier than anything known.</summary>
    public void Expect(DateTimeOffset due)
    {
        lock (gate)
        {
            if (due >= nextDue)
            {
                return;
            }

            nextDue = due;
        }

        RunNow();
    }

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // What is expected from here on is for the next pass, and the result of this one joins it.
            nextDue = DateTimeOffset.MaxValue;
        }

        try
        {
            var earliest = await Task.WhenAll(queues.Names.Select(queue => ForwardAsync(queue, cancellationToken)))
                .ConfigureAwait(false);
            Lower(earliest.DefaultIfEmpty(DateTimeOffset.MaxValue).Min());
        }
        catch
        {
            Lower(Time.GetUtcNow()); // not known any more: look again
            throw;
        }
    }

    private async Task<DateTimeOffset> ForwardAsync(string queue, CancellationToken cancellationToken)
    {
        ForwardResult result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = await store.ForwardAsync(queue).ConfigureAwait(false);
        }
        while (result.Moved >= RedisStore.ForwardBatch);

        return result.NextDue ?? DateTimeOffset.MaxValue;
    }

    private void Lower(DateTimeOffset due)
    {
        lock (gate)
        {
            nextDue = due < nextDue ? due : nextDue;
        }
    }
}
