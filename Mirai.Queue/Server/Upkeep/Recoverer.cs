using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Takes tasks from workers whose lease on them ran out: each counts as a failed attempt. Tasks that were lost
/// on their way to this worker, and running tasks without a lease, go back without a count.</summary>
/// <remarks>Clocks of processes may differ by minutes, so that a lease which is over by this clock may be renewed all the
/// time. A task is taken only when its lease is over and has not changed for two heartbeats. After Redis was away, every
/// worker first gets the time of two heartbeats to renew its leases, or to write the outcomes that waited.</remarks>
internal sealed partial class Recoverer(
    IQueueStore store, ServedQueues queues, QueueServerOptions options, Outcomes outcomes,
    Func<IEnumerable<TaskLease>> ownLeases, LostTakes lostTakes, Action<FinishedTask, bool> onWritten, QueueMetrics metrics,
    RedisHealth health, TimeProvider time, ILogger<Recoverer> logger)
    : QueueUpkeep(queues, options.RecoverInterval, health, time, logger)
{
    private const int Batch = 100;
    private const int MostWatched = 10_000;

    private readonly RedisHealth health = health;
    private readonly ILogger logger = logger;
    private readonly SeenLeases seen = new(time);
    private bool isWaiting;

    internal override bool HasAskedRedis => !isWaiting && base.HasAskedRedis;

    private TimeSpan TimeToRenew => 2 * options.HeartbeatInterval;

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        await lostTakes.RequeueAsync(cancellationToken).ConfigureAwait(false);
        var timeToWait = health.AwaySince is null
            ? health.BackSince + TimeToRenew - Time.GetUtcNow()
            : TimeToRenew;
        isWaiting = timeToWait > TimeSpan.Zero;
        if (isWaiting)
        {
            return timeToWait < TimeToRenew ? timeToWait : TimeToRenew; // the clock may have been set back
        }

        return await base.RunOnceAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) =>
        store.FindUsedAsync(names, QueueUse.Leases);

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        var expiredBefore = WireTime.ToSeconds(Time.GetUtcNow() - options.RecoveryTolerance);
        var own = ownLeases().Where(lease => lease.Queue == queue).Select(lease => lease.TaskId).ToHashSet();
        var look = Time.GetTimestamp();
        ExpiredTasks expired;
        var skip = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            expired = await store.ListExpiredAsync(queue, expiredBefore, skip, Batch).ConfigureAwait(false);
            var settled = expired.Tasks.Where(task => task.Message is null
                || (seen.Look(queue, task.TaskId, task.Lease, look) >= TimeToRenew && !own.Contains(task.TaskId)));
            skip += expired.Tasks.Count
                - await SettleAsync(queue, expiredBefore, settled.ToList()).ConfigureAwait(false);
        }
        while (expired.Tasks.Count == Batch && skip < MostWatched);

        seen.KeepOnly(queue, look);
        if (expired.IsUneven)
        {
            await RepairAsync(queue, cancellationToken).ConfigureAwait(false);
        }

        return skip > 0 ? Time.GetUtcNow() + TimeToRenew : null;
    }

    /// <returns>How many tasks it was, which have no expired lease any more: the next page begins that much
    /// earlier.</returns>
    private async Task<int> SettleAsync(string queue, long expiredBefore, List<ExpiredTask> expired)
    {
        await DropGhostsAsync(queue, expiredBefore, expired.Where(task => task.IsGhost).Select(task => task.TaskId))
            .ConfigureAwait(false);

        // Written through the store and not the syncer: the next page must not list these tasks again.
        var finished = expired.Where(task => !task.IsGhost).Select(task => Decide(queue, task)).ToList();
        if (finished.Count > 0)
        {
            await FinishAsync(queue, expiredBefore, finished).ConfigureAwait(false);
        }

        return expired.Count;
    }

    private async Task FinishAsync(string queue, long expiredBefore, List<FinishedTask> finished)
    {
        var lost = await store.FinishAsync(queue, finished).ConfigureAwait(false);
        foreach (var task in finished.Where((_, position) => !lost.Contains(position)))
        {
            onWritten(task, false);
        }

        if (lost.Count < finished.Count)
        {
            metrics.Recovered(queue, finished.Count - lost.Count);
            LogRecovered(logger, finished.Count - lost.Count, queue);
        }

        // Their worker has just renewed or written them, or they do not run at all.
        await DropGhostsAsync(queue, expiredBefore, lost.Select(position => finished[position].Lease.TaskId))
            .ConfigureAwait(false);
    }

    private async Task DropGhostsAsync(string queue, long expiredBefore, IEnumerable<string> taskIds)
    {
        var ids = taskIds.ToList();
        if (ids.Count > 0
            && await store.DropGhostsAsync(queue, expiredBefore, ids).ConfigureAwait(false) is > 0 and var dropped)
        {
            metrics.GhostsDropped(queue, dropped);
            LogGhosts(logger, dropped, queue);
        }
    }

    private async Task RepairAsync(string queue, CancellationToken cancellationToken)
    {
        RepairedTasks page;
        var skip = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await store.RepairActiveAsync(queue, skip, Batch).ConfigureAwait(false);
            skip += page.Seen - page.Requeued - page.Ghosts;
            if (page.Requeued + page.Ghosts > 0)
            {
                metrics.Returned(queue, page.Requeued);
                metrics.GhostsDropped(queue, page.Ghosts);
                LogRepaired(logger, page.Requeued, queue, page.Ghosts);
            }
        }
        while (page.Seen == Batch);
    }

    private FinishedTask Decide(string queue, ExpiredTask task)
    {
        var lease = TaskLease.Seen(queue, task.TaskId, task.Lease, task.Member);
        return task.Message is { } message
            ? outcomes.Fail(lease, message, new TaskLeaseExpiredException(), store.ExpiredText)
            : outcomes.Quarantine(lease);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The leases of {Count} tasks of queue {Queue} ran out: their " +
            "worker died or lost Redis. Each counts as a failed attempt, and goes to retry or to the archive")]
    private static partial void LogRecovered(ILogger logger, int count, string queue);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Removed {Count} leases of queue {Queue} that belonged to no running " +
            "task: the tasks do not exist any more or were not running, and those that were nowhere were requeued")]
    private static partial void LogGhosts(ILogger logger, int count, string queue);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Requeued {Count} running tasks of queue {Queue} that had no lease, and " +
            "removed {Ghosts} ids whose tasks do not exist any more. Something other than Asynq and Mirai deleted " +
            "keys of this queue, or Redis evicted them: check maxmemory-policy")]
    private static partial void LogRepaired(ILogger logger, int count, string queue, int ghosts);
}
