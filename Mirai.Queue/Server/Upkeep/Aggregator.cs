using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Finds groups that are due and has <see cref="GroupAggregation"/> aggregate them. Looks as often as Asynq
/// does, and also when a group is due that an earlier look saw. A group becomes due by its size at any moment; the next
/// look finds that.</summary>
internal sealed class Aggregator(
    IGroupStore store, ServedQueues queues, GroupLimits limits, GroupAggregation aggregation,
    QueueServerOptions options, RedisHealth health, TimeProvider time, ILogger<Aggregator> logger)
    : QueueUpkeep(queues, IntervalOf(limits), health, time, logger)
{
    // Each aggregation holds a set of tasks in memory.
    private const int MostAtOnce = 4;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(7);

    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private readonly CancellationTokenSource interruption = new(Timeout.InfiniteTimeSpan, time);

    // A pass runs aggregators, which are code of the application.
    protected override TimeSpan LongestPass => Timeout.InfiniteTimeSpan;

    protected override bool IsParallel => true;

    /// <summary>Begins no aggregation any more and gives those that run the shutdown timeout, as handlers have it. Then
    /// interrupts them: their tasks go back to their groups.</summary>
    protected override async Task EndAsync()
    {
        interruption.CancelAfter(options.ShutdownTimeout);
        await base.EndAsync().ConfigureAwait(false);

        // No aggregation runs once all slots are taken.
        for (var slot = 0; slot < MostAtOnce; slot++)
        {
            await slots.WaitAsync().ConfigureAwait(false);
        }

        interruption.Dispose();
    }

    protected override Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) =>
        store.FindUsedAsync(names, QueueUse.Groups);

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        DateTimeOffset? earliest = null;
        var due = new HashSet<string>(StringComparer.Ordinal);
        DueGroups page = default;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await store.FindDueGroupsAsync(queue, limits, page.Cursor).ConfigureAwait(false);
            earliest = page.NextDue < (earliest ?? DateTimeOffset.MaxValue) ? page.NextDue : earliest;
            due.UnionWith(page.Names);
        }
        while (page.Cursor != 0);

        // After the scan, not during it: SSCAN of a set that shrinks may pass over members.
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MostAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(due, parallel, async (group, token) =>
            await AggregateAsync(queue, group, token).ConfigureAwait(false)).ConfigureAwait(false);

        return earliest;
    }

    private async Task AggregateAsync(string queue, string group, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!cancellationToken.IsCancellationRequested
                && await aggregation.RunAsync(queue, group, interruption.Token).ConfigureAwait(false))
            {
                // A large group is several sets.
            }
        }
        finally
        {
            slots.Release();
        }
    }

    private static TimeSpan IntervalOf(GroupLimits limits) =>
        limits.GracePeriod < LongestInterval.TotalSeconds ? TimeSpan.FromSeconds(limits.GracePeriod) : LongestInterval;
}
