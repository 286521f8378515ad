using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>Takes whose reply was lost. If such a call ran, its tasks are active, with a lease that no worker
/// renews.</summary>
/// <remarks>The tasks are found by the exact expiry that the call wrote: a worker that runs a task has renewed the
/// lease since. A lease is respected until its end, and for two heartbeats after Redis came back, so that no renewal
/// is missed. Asynq counts such a task as failed after another half minute; Mirai requeues the task as if it had not
/// been taken.</remarks>
internal sealed partial class LostTakes(
    IQueueStore store, RunningTasks running, RedisHealth health, LeaseTimes times, QueueMetrics metrics,
    TimeProvider time, ILogger<LostTakes> logger)
{
    // One script call takes Redis around a millisecond.
    private const int MaxTasksPerCall = 500;

    private readonly Lock gate = new();
    private readonly List<LostTake> takes = [];
    private readonly FaultLog faults = new(time, logger);

    /// <summary>Remembers a take that may have run. Takes of one queue and second are merged.</summary>
    public void Add(LostTake take)
    {
        lock (gate)
        {
            var same = takes.FindIndex(known => known.Queue == take.Queue && known.LeaseExpiry == take.LeaseExpiry);
            if (same >= 0)
            {
                takes[same] = takes[same] with { Count = takes[same].Count + take.Count };
            }
            else
            {
                takes.Add(take);
            }
        }
    }

    /// <summary>Requeues the tasks of lost takes whose leases are over. A take that Redis refuses, or whose
    /// shard is away, does not keep the takes behind it; the next call tries that take again.</summary>
    public async Task RequeueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (health.AwaySince is not null || now - health.BackSince < 2 * times.Heartbeat)
        {
            return;
        }

        var pass = new PassFaults(faults);
        foreach (var take in Ended(WireTime.ToSeconds(now)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await TryRequeueAsync(take, pass).ConfigureAwait(false);
        }

        pass.End();
    }

    private async Task TryRequeueAsync(LostTake take, PassFaults pass)
    {
        var key = $"lost takes of queue {take.Queue}";
        try
        {
            await RequeueAsync(take).ConfigureAwait(false);
            Forget(take);
            pass.Succeeded(key);
        }
        catch (Exception exception)
        {
            pass.Failed(key, $"Requeueing the {key}", exception);
        }
    }

    private async Task RequeueAsync(LostTake take)
    {
        var known = running.Snapshot().Where(task => task.Queue == take.Queue).Select(task => task.TaskId).ToList();
        var (total, requeued) = (0, 0);
        do
        {
            var count = Math.Min(take.Count - total, MaxTasksPerCall);
            requeued = await store.ReturnUntrackedAsync(take.Queue, take.LeaseExpiry, count, known)
                .ConfigureAwait(false);
            total += requeued;
        }
        while (requeued == MaxTasksPerCall);

        if (total > 0)
        {
            metrics.Returned(take.Queue, total);
            LogRequeued(logger, total, take.Queue);
        }
    }

    private List<LostTake> Ended(long now)
    {
        lock (gate)
        {
            return takes.FindAll(take => take.LeaseExpiry < now);
        }
    }

    private void Forget(LostTake take)
    {
        lock (gate)
        {
            takes.Remove(take);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Requeued {Count} tasks of queue {Queue} that this worker had taken without receiving Redis' " +
            "reply; no attempt was counted")]
    private static partial void LogRequeued(ILogger logger, int count, string queue);
}

/// <summary>A take whose reply was lost.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="LeaseExpiry">The expiry that the call wrote for every task, in Unix seconds.</param>
/// <param name="Count">The greatest number of tasks that the call can have taken.</param>
internal sealed record LostTake(string Queue, long LeaseExpiry, int Count);
