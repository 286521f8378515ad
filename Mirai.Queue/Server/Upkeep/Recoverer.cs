using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Takes tasks from workers whose lease on them ran out: each counts as a failed attempt. Tasks that were lost
/// on their way to this worker go back without a count.</summary>
internal sealed partial class Recoverer(
    IQueueStore store, ServedQueues queues, QueueServerOptions options, Outcomes outcomes, Syncer syncer,
    LostTakes lostTakes, Action<FinishedTask, bool> onWritten, QueueMetrics metrics, RedisHealth health,
    TimeProvider time, ILogger<Recoverer> logger)
    : QueueUpkeep(queues, options.RecoverInterval, health, time, logger)
{
    private const int Batch = 100;

    private readonly ILogger logger = logger;

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var pause = await base.RunOnceAsync(cancellationToken).ConfigureAwait(false);
        await lostTakes.RequeueAsync(cancellationToken).ConfigureAwait(false);

        return pause;
    }

    protected override Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) =>
        store.FindUsedAsync(names, QueueUse.Leases);

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        var expiredBefore = WireTime.ToSeconds(Time.GetUtcNow() - options.RecoveryTolerance);
        var own = syncer.Leases().Select(lease => lease.TaskId).ToHashSet();
        IReadOnlyList<ExpiredTask> expired;
        var skip = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            expired = await store.ListExpiredAsync(queue, expiredBefore, skip, Batch).ConfigureAwait(false);
            skip += await SettleAsync(queue, expiredBefore, expired, own).ConfigureAwait(false);
        }
        while (expired.Count == Batch);

        return null;
    }

    /// <returns>How many of the tasks still have their expired lease: the next page begins behind them.</returns>
    private async Task<int> SettleAsync(
        string queue, long expiredBefore, IReadOnlyList<ExpiredTask> expired, HashSet<string> own)
    {
        var ghosts = expired.Where(task => task.IsGhost).Select(task => task.TaskId).ToList();
        if (ghosts.Count > 0)
        {
            var dropped = await store.DropGhostsAsync(queue, expiredBefore, ghosts).ConfigureAwait(false);
            metrics.GhostsDropped(queue, dropped);
            LogGhosts(logger, dropped, queue);
        }

        // Written through the store and not the syncer: the next page must not list these tasks again.
        var finished = expired.Where(task => !task.IsGhost && !own.Contains(task.TaskId))
            .Select(task => Decide(queue, task)).ToList();
        if (finished.Count == 0)
        {
            return expired.Count - ghosts.Count;
        }

        var lost = await store.FinishAsync(queue, finished).ConfigureAwait(false);
        foreach (var task in finished.Where((_, position) => !lost.Contains(position)))
        {
            onWritten(task, false);
        }

        metrics.Recovered(queue, finished.Count - lost.Count);
        LogRecovered(logger, finished.Count - lost.Count, queue);

        return expired.Count - ghosts.Count - finished.Count;
    }

    private FinishedTask Decide(string queue, ExpiredTask task)
    {
        var lease = new TaskLease(queue, task.TaskId, task.Lease, task.Member);
        return task.Message is { } message
            ? outcomes.Fail(lease, message, new TaskLeaseExpiredException())
            : outcomes.Quarantine(lease);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The leases of {Count} tasks of queue {Queue} ran out: their " +
            "worker died or lost Redis. Each counts as a failed attempt, and goes to retry or to the archive")]
    private static partial void LogRecovered(ILogger logger, int count, string queue);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Removed {Count} ids from the running tasks of queue {Queue}: " +
            "their tasks do not exist any more")]
    private static partial void LogGhosts(ILogger logger, int count, string queue);
}
