using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Moves scheduled and retry tasks to the pending list once they are due. Sleeps until the earliest due time
/// it knows of, and looks after an interval for due times that no signal announced.</summary>
internal sealed class Forwarder(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisHealth health, TimeProvider time,
    ILogger<Forwarder> logger) : QueueUpkeep(queues, interval, health, time, logger)
{
    private readonly Lock gate = new();
    private DateTimeOffset nextDue = DateTimeOffset.MaxValue;

    protected override bool IsParallel => true;

    /// <summary>A task becomes due at a moment that may be earlier than every due time known so far.</summary>
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

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A due time that is told from here on is for the next pass; the result of this one joins it.
            nextDue = DateTimeOffset.MaxValue;
        }

        var earliest = await RunQueuesAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            nextDue = earliest < nextDue ? earliest.Value : nextDue;
            return PauseUntil(nextDue);
        }
    }

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        ForwardResult result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = await store.ForwardAsync(queue).ConfigureAwait(false);
        }
        while (result.Moved >= RedisStore.ForwardBatch);

        return result.NextDue;
    }
}
