namespace Mirai.Queue.Server;

/// <summary>Shares free slots among queues. Weighted: over time, queues with tasks get slots in proportion to their weights
/// (docs/wire.md, "Queue order"), evenly spread instead of by lot. Strict: the greatest weight gets all.</summary>
/// <remarks>The spreading is the smooth weighted round robin known from nginx: each turn every open queue earns its weight,
/// and the richest pays the sum of the weights for the slot.</remarks>
internal sealed class QueueOrder
{
    private readonly bool strict;
    private readonly long[] weights;
    private readonly long[] credits;
    private readonly int[] shares;
    private readonly bool[] open;

    public QueueOrder(IEnumerable<KeyValuePair<string, int>> queues, bool strict)
    {
        var ordered = queues.OrderByDescending(queue => queue.Value).ThenBy(queue => queue.Key, StringComparer.Ordinal).ToList();
        this.strict = strict;
        Queues = ordered.ConvertAll(queue => queue.Key);
        weights = [.. ordered.Select(queue => (long)queue.Value)];
        shares = new int[weights.Length];
        open = new bool[weights.Length];

        // Servers that start together begin at different points of the round.
        credits = [.. weights.Select(weight => Random.Shared.NextInt64(weight))];
    }

    /// <summary>The queues, the greatest weight first.</summary>
    public IReadOnlyList<string> Queues { get; }

    /// <summary>Whether any queue may still have tasks.</summary>
    public bool AnyOpen => open.AsSpan().Contains(true);

    /// <summary>Begins a round: every queue may have tasks.</summary>
    public void OpenAll() => open.AsSpan().Fill(true);

    /// <summary>Whether the queue may still have tasks.</summary>
    public bool IsOpen(int queue) => open[queue];

    /// <summary>The queue has no more tasks for this round.</summary>
    public void Close(int queue) => open[queue] = false;

    /// <summary>Shares slots among the open queues.</summary>
    /// <returns>Slots per queue, valid until the next call.</returns>
    public ReadOnlySpan<int> Share(int slots)
    {
        shares.AsSpan().Clear();
        if (strict)
        {
            var first = open.AsSpan().IndexOf(true);
            if (first >= 0)
            {
                shares[first] = slots;
            }

            return shares;
        }

        for (; slots > 0 && AnyOpen; slots--)
        {
            shares[PickNext()]++;
        }

        return shares;
    }

    private int PickNext()
    {
        var (richest, sum) = (-1, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            if (open[i])
            {
                credits[i] += weights[i];
                sum += weights[i];
                richest = richest < 0 || credits[i] > credits[richest] ? i : richest;
            }
        }

        credits[richest] -= sum;
        return richest;
    }
}
