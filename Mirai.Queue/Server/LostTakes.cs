using Microsoft.Extensions.Logging;
using Mirai.Queue.Broker;
using Mirai.Queue.Protocol;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server;

/// <summary>Takes whose reply never came. If such a call ran, its tasks are "active" with a lease that nobody renews.</summary>
/// <remarks>They are found by the exact expiry the call wrote: every worker that runs a task has moved its lease since. A
/// lease is respected until it ends, and for two heartbeats after Redis came back, so that no worker's renewal is missed.
/// Asynq counts such a task as failed after another half minute; here it goes back as if it had not been taken.</remarks>
internal sealed partial class LostTakes(
    IBroker broker, RunningTasks running, RedisHealth health, LeaseTimes times, QueueMetrics metrics, TimeProvider time,
    ILogger<LostTakes> logger)
{
    private readonly Lock gate = new();
    private readonly List<LostTake> takes = [];

    /// <summary>Remembers a take that may have run.</summary>
    public void Add(LostTake take)
    {
        lock (gate)
        {
            takes.Add(take);
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
            var known = running.Snapshot().Where(task => task.Queue == take.Queue).Select(task => task.TaskId).ToList();
            var returned = await broker.ReturnUntrackedAsync(take.Queue, take.LeaseExpiry, take.Count, known)
                .ConfigureAwait(false);
            Forget(take);
            if (returned > 0)
            {
                metrics.Returned(take.Queue, returned);
                LogReturned(logger, returned, take.Queue);
            }
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
