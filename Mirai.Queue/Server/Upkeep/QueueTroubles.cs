namespace Mirai.Queue.Server.Upkeep;

/// <summary>The queues that a duty leaves out for a while: those that failed, and those that an earlier pass still
/// works on.</summary>
/// <param name="first">The pause after a first failure.</param>
/// <param name="longest">The longest pause; each failure doubles it.</param>
internal sealed class QueueTroubles(TimeSpan first, TimeSpan longest)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> running = new(StringComparer.Ordinal);

    /// <summary>The queues for a pass.</summary>
    public IReadOnlyList<string> Select(IReadOnlyList<string> queues, DateTimeOffset now)
    {
        lock (gate)
        {
            return failed.Count == 0 && running.Count == 0
                ? queues
                : [.. queues.Where(queue => !running.Contains(queue)
                    && (!failed.TryGetValue(queue, out var trouble) || now >= trouble.Until))];
        }
    }

    /// <summary>The duty works on a queue.</summary>
    public void Begin(string queue)
    {
        lock (gate)
        {
            running.Add(queue);
        }
    }

    /// <summary>The duty works on a queue no longer.</summary>
    public void End(string queue)
    {
        lock (gate)
        {
            running.Remove(queue);
        }
    }

    public void Succeeded(string queue)
    {
        lock (gate)
        {
            failed.Remove(queue);
        }
    }

    /// <summary>The duty failed for a queue.</summary>
    /// <returns>When the duty tries the queue again.</returns>
    public DateTimeOffset Failed(string queue, DateTimeOffset now)
    {
        lock (gate)
        {
            var failures = failed.TryGetValue(queue, out var trouble) ? trouble.Failures : 0;
            var pause = first * Math.Pow(2, Math.Min(failures, 16));
            var until = now + (pause < longest ? pause : longest);
            failed[queue] = (failures + 1, until);

            return until;
        }
    }

    /// <summary>When the duty tries a queue again that failed; <see langword="null"/> when it did not fail.</summary>
    public DateTimeOffset? Until(string queue)
    {
        lock (gate)
        {
            return failed.TryGetValue(queue, out var trouble) ? trouble.Until : null;
        }
    }

    /// <summary>Forgets the queues that are not served any more.</summary>
    public void KeepOnly(IReadOnlyCollection<string> queues)
    {
        lock (gate)
        {
            foreach (var queue in failed.Keys)
            {
                if (!queues.Contains(queue, StringComparer.Ordinal))
                {
                    failed.Remove(queue);
                }
            }
        }
    }

    /// <summary>Forgets all failures.</summary>
    public void Clear()
    {
        lock (gate)
        {
            failed.Clear();
        }
    }
}
