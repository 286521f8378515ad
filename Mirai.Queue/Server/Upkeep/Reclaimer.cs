using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Settles aggregation sets that no server works on any more, Go's included: returns the tasks of a set to
/// their group once the set's deadline is over, and deletes the tasks whose aggregate is in its queue. On a server
/// without an aggregator, warns about groups that nobody aggregates.</summary>
internal sealed partial class Reclaimer(
    IGroupStore store, ServedQueues queues, TimeSpan interval, QueueMetrics metrics, RedisHealth health,
    TimeProvider time, ILogger<Reclaimer> logger, bool hasAggregator)
    : QueueUpkeep(queues, interval, health, time, logger)
{
    private readonly ILogger logger = logger;
    private readonly ForgottenGroups? forgotten = hasAggregator ? null : new(store, time, logger);

    protected override async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names)
    {
        var sets = await store.FindUsedAsync(names, QueueUse.AggregationSets).ConfigureAwait(false);
        return forgotten is null
            ? sets
            : [.. sets.Union(await store.FindUsedAsync(names, QueueUse.Groups).ConfigureAwait(false))];
    }

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        // Until a list has nothing to return: one list names the first sets only.
        while (await SettleAsync(queue, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (forgotten is not null)
        {
            await forgotten.ReportAsync(queue).ConfigureAwait(false);
        }

        return null;
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
        Message = "Returned {Count} tasks of queue {Queue} to their groups: the server that aggregated them did not " +
            "end in time. They will be aggregated again")]
    private static partial void LogReturned(ILogger logger, int count, string queue);
}
