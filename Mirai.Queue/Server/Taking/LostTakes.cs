using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>Takes whose reply was lost. If such a call ran, its tasks are active, with a lease that no worker
/// renews.</summary>
/// <remarks>The tasks are found by the exact lease that the call wrote, with its token: no other take writes it, and no
/// worker renews it. So they need not wait for the end of the lease. A call may arrive late, from a connection that
/// was given up: the take is looked for until its lease is over. Asynq counts such a task as failed a minute later;
/// Mirai requeues the task as if it had not been taken.</remarks>
internal sealed partial class LostTakes(
    IQueueStore store, RedisHealth health, QueueMetrics metrics, TimeProvider time, ILogger<LostTakes> logger)
{
    // One script call takes Redis around a millisecond.
    private const int MaxTasksPerCall = 500;

    private const int MaxTakes = 10_000;

    // By then a recoverer has found the tasks, unless the shard of the queue is still away: then it will.
    private static readonly TimeSpan LongestMemory = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly List<LostTake> takes = [];
    private readonly FaultLog faults = new(time, logger);

    /// <summary>Remembers a take that may have run. When there are too many, the oldest is forgotten: the recoverer
    /// finds its tasks at the end of their lease.</summary>
    public void Add(LostTake take)
    {
        lock (gate)
        {
            if (takes.Count >= MaxTakes)
            {
                takes.RemoveAt(0);
            }

            takes.Add(take);
        }
    }

    /// <summary>Requeues the tasks of lost takes. A take that Redis refuses, or whose shard is away, does not keep the
    /// takes behind it; the next call tries that take again.</summary>
    public async Task RequeueAsync(CancellationToken cancellationToken)
    {
        if (health.AwaySince is not null)
        {
            return;
        }

        var failed = new HashSet<string>(StringComparer.Ordinal); // each of their takes would wait for the time-out
        foreach (var take in Snapshot().Where(take => !failed.Contains(take.Queue)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await TryRequeueAsync(take).ConfigureAwait(false))
            {
                failed.Add(take.Queue);
            }
        }
    }

    private async Task<bool> TryRequeueAsync(LostTake take)
    {
        var key = $"lost takes of queue {take.Queue}";
        try
        {
            await RequeueAsync(take).ConfigureAwait(false);
            faults.Succeeded(key);
            ForgetAfter(take, TimeSpan.Zero);
            return true;
        }
        catch (Exception exception)
        {
            faults.Failed(key, $"Requeueing the {key}", exception);
            ForgetAfter(take, LongestMemory);
            return false;
        }
    }

    private async Task RequeueAsync(LostTake take)
    {
        var total = 0;
        int requeued;
        do
        {
            var count = Math.Min(take.Count - total, MaxTasksPerCall);
            requeued = await store.ReturnUntrackedAsync(take.Queue, take.Lease, count).ConfigureAwait(false);
            total += requeued;
        }
        while (requeued == MaxTasksPerCall);

        if (total > 0)
        {
            metrics.Returned(take.Queue, total);
            LogRequeued(logger, total, take.Queue);
        }
    }

    private List<LostTake> Snapshot()
    {
        lock (gate)
        {
            return [.. takes];
        }
    }

    private void ForgetAfter(LostTake take, TimeSpan patience)
    {
        lock (gate)
        {
            if (take.Lease.Expiry < WireTime.ToSeconds(time.GetUtcNow() - patience))
            {
                takes.Remove(take);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Requeued {Count} tasks of queue {Queue} that this worker had taken without receiving Redis' " +
            "reply; no attempt was counted")]
    private static partial void LogRequeued(ILogger logger, int count, string queue);
}

/// <summary>A take whose reply was lost.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Lease">What the call wrote for every task.</param>
/// <param name="Count">The greatest number of tasks that the call can have taken.</param>
internal sealed record LostTake(string Queue, LeaseStamp Lease, int Count);
