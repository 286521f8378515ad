namespace Mirai.Queue.Server.Taking;

/// <summary>Shares free slots among queues. Weighted: over time, queues with tasks get slots in proportion to their
/// weights (docs/wire.md, "Queue order"), evenly spread instead of by lot. Strict: the greatest weight gets
/// all.</summary>
/// <remarks>The spreading is the smooth weighted round robin known from nginx: each turn every open queue earns its
/// weight, and the richest pays the sum of the weights for the slot. A queue at its limit sits the turn out.</remarks>
internal sealed class QueueOrder
{
    private readonly bool strict;
    private readonly long[] weights;
    private readonly long[] credits;
    private readonly int[] shares;
    private readonly int[] rooms;
    private readonly int[] owed;
    private readonly bool[] open;

    public QueueOrder(IEnumerable<KeyValuePair<string, int>> queues, bool strict, QueueOrder? previous = null)
    {
        var ordered = queues.OrderByDescending(queue => queue.Value)
            .ThenBy(queue => queue.Key, StringComparer.Ordinal).ToList();
        this.strict = strict;
        Queues = ordered.ConvertAll(queue => queue.Key);
        weights = [.. ordered.Select(queue => (long)queue.Value)];
        shares = new int[weights.Length];
        rooms = new int[weights.Length];
        owed = new int[weights.Length];
        open = new bool[weights.Length];

        // Servers that start together begin at different points of the round.
        credits = [.. weights.Select(weight => Random.Shared.NextInt64(weight))];
        if (previous is not null)
        {
            TakeCreditsFrom(previous);
        }
    }

    /// <summary>The queues, the greatest weight first.</summary>
    public IReadOnlyList<string> Queues { get; }

    /// <summary>Whether any queue may still have tasks.</summary>
    public bool AnyOpen => open.AsSpan().Contains(true);

    /// <summary>Begins a round: every queue may have tasks, and no limit but the slots.</summary>
    public void OpenAll()
    {
        open.AsSpan().Fill(true);
        rooms.AsSpan().Fill(int.MaxValue);
        owed.AsSpan().Clear();
    }

    /// <summary>Whether the queue may still have tasks.</summary>
    public bool IsOpen(int queue) => open[queue];

    /// <summary>The queue has no more tasks for this round.</summary>
    public void Close(int queue) => open[queue] = false;

    /// <summary>The queue gets at most so many slots of the next share.</summary>
    public void Limit(int queue, int room) => rooms[queue] = room;

    /// <summary>The queue could not use slots of its share yet: the next share gives them to it first.</summary>
    public void Return(int queue, int slots) => owed[queue] += slots;

    /// <summary>Shares slots among the open queues.</summary>
    /// <returns>Slots per queue, valid until the next call.</returns>
    public ReadOnlySpan<int> Share(int slots)
    {
        shares.AsSpan().Clear();
        slots -= SharePaid(slots);
        for (; slots > 0; slots--)
        {
            var next = strict ? FirstWithRoom() : PickNext();
            if (next < 0)
            {
                break;
            }

            shares[next]++;
        }

        return shares;
    }

    private int SharePaid(int slots)
    {
        var left = slots;
        for (var i = 0; i < owed.Length && left > 0; i++)
        {
            if (open[i] && owed[i] > 0)
            {
                var given = Math.Min(Math.Min(owed[i], rooms[i]), left);
                owed[i] -= given;
                shares[i] = given;
                left -= given;
            }
        }

        return slots - left;
    }

    private int FirstWithRoom()
    {
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i] && shares[i] < rooms[i])
            {
                return i;
            }
        }

        return -1;
    }

    private int PickNext()
    {
        var (richest, sum) = (-1, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            if (open[i] && shares[i] < rooms[i])
            {
                credits[i] += weights[i];
                sum += weights[i];
                richest = richest < 0 || credits[i] > credits[richest] ? i : richest;
            }
        }

        if (richest >= 0)
        {
            credits[richest] -= sum;
        }

        return richest;
    }

    // Queues come and go without starting the round again. Credits of other weights must not last longer than one.
    private void TakeCreditsFrom(QueueOrder previous)
    {
        var sum = weights.Sum();
        var before = previous.Queues.Zip(previous.credits).ToDictionary(queue => queue.First, queue => queue.Second);
        for (var i = 0; i < credits.Length; i++)
        {
            if (before.TryGetValue(Queues[i], out var credit))
            {
                credits[i] = Math.Clamp(credit, -sum, sum);
            }
        }
    }
}
