using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Has groups aggregated that are due: looks as often as Asynq does, and besides when a group it knows of is
/// due. A group becomes due by its size at any moment; that is found at the next look.</summary>
internal sealed class Aggregator(
    IGroupStore store, ServedQueues queues, GroupLimits limits, GroupAggregation aggregation,
    QueueServerOptions options, RedisRetry retry, TimeProvider time, ILogger<Aggregator> logger)
    : PeriodicComponent(IntervalOf(limits), startsAtOnce: true, retry, time, logger)
{
    // A set of tasks is in memory for each.
    private const int MostAtOnce = 4;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(7);

    // Due times are whole seconds and timers a little imprecise: waking too early would cost a second look.
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private readonly CancellationTokenSource interruption = new(Timeout.InfiniteTimeSpan, time);
    private DateTimeOffset nextDue = DateTimeOffset.MaxValue;

    protected override TimeSpan Pause
    {
        get
        {
            var (now, interval) = (Time.GetUtcNow(), IntervalOf(limits));
            if (nextDue > now + interval)
            {
                return interval;
            }

            return nextDue > now ? nextDue - now + Lateness : Lateness;
        }
    }

    // Aggregators are the application's.
    protected override TimeSpan LongestPass => Timeout.InfiniteTimeSpan;

    /// <summary>Begins nothing more, and gives what has begun as long as handlers have. What still runs then is
    /// interrupted, and its tasks go back to their groups.</summary>
    public override async Task StopAsync()
    {
        interruption.CancelAfter(options.ShutdownTimeout);
        await base.StopAsync().ConfigureAwait(false);

        // Whoever has all slots knows that nothing runs.
        for (var slot = 0; slot < MostAtOnce; slot++)
        {
            await slots.WaitAsync().ConfigureAwait(false);
        }

        interruption.Dispose();
    }

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        nextDue = DateTimeOffset.MaxValue;
        var earliest = await Task.WhenAll(queues.Names.Select(queue => RunQueueAsync(queue, cancellationToken)))
            .ConfigureAwait(false);
        nextDue = earliest.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    private async Task<DateTimeOffset> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        var earliest = DateTimeOffset.MaxValue;
        var due = new HashSet<string>(StringComparer.Ordinal);
        DueGroups page = default;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await store.FindDueGroupsAsync(queue, limits, page.Cursor).ConfigureAwait(false);
            earliest = page.NextDue < earliest ? page.NextDue.Value : earliest;
            due.UnionWith(page.Names);
        }
        while (page.Cursor != 0);

        // Not before the scan is over: a group that goes off the list meanwhile makes some servers pass over others.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken };
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
