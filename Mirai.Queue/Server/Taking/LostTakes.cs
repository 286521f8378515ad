using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>Takes whose reply never came. If such a call ran, its tasks are "active" with a lease that nobody
/// renews.</summary>
/// <remarks>They are found by the exact expiry the call wrote: every worker that runs a task has moved its lease
/// since. A lease is respected until it ends, and for two heartbeats after Redis came back, so that no worker's
/// renewal is missed. Asynq counts such a task as failed after another half minute; here it goes back as if it had not
/// been taken.</remarks>
internal sealed partial class LostTakes(
    IQueueStore store, RunningTasks running, RedisHealth health, LeaseTimes times, QueueMetrics metrics,
    TimeProvider time,
    ILogger<LostTakes> logger)
{
    // One script call stays around a millisecond of Redis' time.
    private const int MostPerStep = 500;

    private readonly Lock gate = new();
    private readonly List<LostTake> takes = [];

    /// <summary>Remembers a take that may have run. Those of one second and queue are looked for together.</summary>
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

    /// <summary>Puts back what those takes moved whose leases are over.</summary>
    public async Task ReturnAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (health.AwaySince is not null || now - health.BackSince < 2 * times.Heartbeat)
        {
            return;
        }

        foreach (var take in Ripe(WireTime.ToSeconds(now)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReturnAsync(take).ConfigureAwait(false);
            Forget(take);
        }
    }

    private async Task ReturnAsync(LostTake take)
    {
        var known = running.Snapshot().Where(task => task.Queue == take.Queue).Select(task => task.TaskId).ToList();
        var (total, returned, step) = (0, 0, 0);
        do
        {
            step = Math.Min(take.Count - total, MostPerStep);
            returned = await store.ReturnUntrackedAsync(take.Queue, take.LeaseExpiry, step, known)
                .ConfigureAwait(false);
            total += returned;
        }
        while (returned == MostPerStep);

        if (total > 0)
        {
            metrics.Returned(take.Queue, total);
            LogReturned(logger, total, take.Queue);
        }
    }

    private List<LostTake> Ripe(long now)
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
        Message = "Put {Count} tasks of queue {Queue} back that were lost on their way to this worker")]
    private static partial void LogReturned(ILogger logger, int count, string queue);
}
