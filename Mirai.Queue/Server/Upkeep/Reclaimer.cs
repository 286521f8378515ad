using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Takes care of aggregation sets that nobody looks after, whoever made them: puts tasks back into their
/// group when the deadline of their set is over, and deletes those whose aggregate is in its queue.</summary>
internal sealed partial class Reclaimer(
    IGroupStore store, ServedQueues queues, TimeSpan interval, QueueMetrics metrics, RedisRetry retry,
    TimeProvider time, ILogger<Reclaimer> logger) : PeriodicComponent(
        interval, startsAtOnce: true, retry, time, logger)
{
    private readonly ILogger logger = logger;

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in queues.Names)
        {
            // Again while there was something to do: a list holds the first sets only.
            while (await SettleAsync(queue, cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<bool> SettleAsync(string queue, CancellationToken cancellationToken)
    {
        var returned = 0;
        var sets = await store.ListLeftSetsAsync(queue).ConfigureAwait(false);
        foreach (var set in sets)
        {
            returned += set.IsAggregated
                ? await DeleteAsync(set, cancellationToken).ConfigureAwait(false)
                : await ReturnAsync(set, cancellationToken).ConfigureAwait(false);
        }

        if (returned > 0)
        {
            metrics.Reclaimed(queue, returned);
            LogReturned(logger, returned, queue);
        }

        return returned > 0;
    }

    private async Task<int> DeleteAsync(AggregationSet set, CancellationToken cancellationToken)
    {
        while (await store.DeleteAggregatedAsync(set).ConfigureAwait(false) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return 0;
    }

    private async Task<int> ReturnAsync(AggregationSet set, CancellationToken cancellationToken)
    {
        var total = 0;
        (int Returned, int Left) step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = await store.ReturnSetAsync(set).ConfigureAwait(false);
            total += step.Returned;
        }
        while (step.Left > 0);

        return total;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Put {Count} tasks of queue {Queue} back into their groups whose aggregation did not end")]
    private static partial void LogReturned(ILogger logger, int count, string queue);
}
