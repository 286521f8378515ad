using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Which queues a pass of upkeep visits, where a server serves many. A pass at the end of the interval looks,
/// with few commands, which queues have something to do, and visits those, up to a bound and in turn. A pass in between
/// visits the queues that are known to need it then.</summary>
/// <param name="most">How many queues a pass visits because they have something; queues that are known to need the
/// visit come in addition.</param>
/// <param name="find">Finds the queues that have something.</param>
internal sealed class QueueVisits(int most, Func<IReadOnlyList<string>, Task<IReadOnlyList<string>>> find)
{
    // A look costs some 20 commands for each queue that it finds among a thousand: a queue that was found is visited so
    // many times before a look has to find it again.
    private const int VisitsPerLook = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> due = new(StringComparer.Ordinal);

    // Queues that have something, the next one to visit first, with the visits that are left. Used by passes alone.
    private Queue<(string Name, int Visits)> used = new();
    private DateTimeOffset earliest = DateTimeOffset.MaxValue;
    private bool looksNow = true;

    /// <summary>The earliest moment at which a queue needs a visit.</summary>
    public DateTimeOffset Earliest
    {
        get
        {
            lock (gate)
            {
                return looksNow ? DateTimeOffset.MinValue : earliest;
            }
        }
    }

    /// <summary>A queue needs a visit at this moment, or earlier.</summary>
    /// <returns>Whether no queue needs an earlier visit.</returns>
    public bool Expect(string queue, DateTimeOffset at)
    {
        lock (gate)
        {
            due[queue] = due.TryGetValue(queue, out var known) && known < at ? known : at;
            if (at >= earliest)
            {
                return false;
            }

            earliest = at;
            return true;
        }
    }

    /// <summary>Any queue may need a visit.</summary>
    public void ExpectAny()
    {
        lock (gate)
        {
            looksNow = true;
        }
    }

    /// <summary>Chooses the queues of a pass.</summary>
    /// <param name="names">The served queues.</param>
    /// <param name="now">The time.</param>
    /// <param name="isIntervalOver">Whether the pass visits more than the queues that are known to need it.</param>
    public async Task<IReadOnlyList<string>> ChooseAsync(
        IReadOnlyList<string> names, DateTimeOffset now, bool isIntervalOver)
    {
        var served = names.ToHashSet(StringComparer.Ordinal);
        HashSet<string> chosen;
        bool looks;
        lock (gate)
        {
            // What is told from here on is for the next pass.
            chosen = [.. due.Where(queue => queue.Value <= now || names.Count <= QueueAttention.Few)
                .Select(queue => queue.Key)];
            foreach (var queue in chosen.Concat(due.Keys.Where(queue => !served.Contains(queue))).ToList())
            {
                due.Remove(queue);
            }

            earliest = due.Count > 0 ? due.Values.Min() : DateTimeOffset.MaxValue;
            (looks, looksNow) = (isIntervalOver || looksNow, false);
        }

        if (names.Count <= QueueAttention.Few)
        {
            return names;
        }

        chosen.IntersectWith(served);
        if (looks)
        {
            chosen.UnionWith(await LookAsync(served).ConfigureAwait(false));
        }

        return [.. names.Where(chosen.Contains)];
    }

    private async Task<List<string>> LookAsync(HashSet<string> served)
    {
        used = new(used.Where(queue => served.Contains(queue.Name)));
        var unknown = served.Except(used.Select(queue => queue.Name)).ToList();
        foreach (var queue in await find(unknown).ConfigureAwait(false))
        {
            used.Enqueue((queue, VisitsPerLook));
        }

        var next = new List<string>();
        for (var left = Math.Min(most, used.Count); left > 0; left--)
        {
            var (name, visits) = used.Dequeue();
            next.Add(name);
            if (visits > 1)
            {
                used.Enqueue((name, visits - 1));
            }
        }

        return next;
    }
}
