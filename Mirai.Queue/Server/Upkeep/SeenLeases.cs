using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Since when leases have not changed, as one observer sees them by its own clock. A worker that lives changes
/// the lease of each of its tasks with every heartbeat.</summary>
internal sealed class SeenLeases(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, Entry>> queues = new(StringComparer.Ordinal);

    /// <summary>Records what a look saw of a lease.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="score">The score of the lease.</param>
    /// <param name="now">The look.</param>
    /// <returns>How long the lease has not changed.</returns>
    public TimeSpan Look(string queue, string taskId, double score, long now)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(queue, out var leases))
            {
                queues[queue] = leases = new(StringComparer.Ordinal);
            }

            var since = leases.TryGetValue(taskId, out var known) && known.Score.Equals(score) ? known.Since : now;
            leases[taskId] = new Entry(score, since, now);

            return time.GetElapsedTime(since, now);
        }
    }

    /// <summary>Forgets the leases of a queue that the last look did not see.</summary>
    public void KeepOnly(string queue, long look)
    {
        lock (gate)
        {
            if (!queues.TryGetValue(queue, out var leases))
            {
                return;
            }

            foreach (var (taskId, lease) in leases)
            {
                if (lease.LastLook != look)
                {
                    leases.Remove(taskId);
                }
            }

            if (leases.Count == 0)
            {
                queues.Remove(queue);
            }
        }
    }

    /// <summary>The leases of a queue for which a condition holds.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="isUnchangedSince">Gets the first look that saw the lease as it is.</param>
    public List<SeenLease> Find(string queue, Func<long, bool> isUnchangedSince)
    {
        lock (gate)
        {
            return [.. queues.GetValueOrDefault(queue, []).Where(lease => isUnchangedSince(lease.Value.Since))
                .Select(lease => new SeenLease(lease.Key, lease.Value.Score))];
        }
    }

    /// <summary>Forgets a queue.</summary>
    public void Forget(string queue)
    {
        lock (gate)
        {
            queues.Remove(queue);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            queues.Clear();
        }
    }

    private readonly record struct Entry(double Score, long Since, long LastLook);
}
