using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Server.Taking;

/// <summary>Shares free slots among queues. Weighted: over time, queues with tasks get slots in proportion to their
/// weights (docs/wire.md, "Queue order"), evenly spread instead of by lot. Strict: the greatest weight gets all slots.
/// A queue at its limit gets none, and neither does a queue of which nothing tells that it has tasks
/// (<see cref="QueueAttention"/>).</summary>
/// <remarks>The method is the smooth weighted round robin known from nginx: for every slot, each open queue earns its
/// weight as credit, and the queue with the most credit pays the sum of the weights for the slot. Changes of the
/// served queues (<see cref="ServedQueues"/>) apply from the next round on.</remarks>
internal sealed class QueuePicker
{
    // How often a queue may try again for slots that its deferred tasks left free, before other queues get the slots.
    private const int MaxTries = 8;

    // How many queues without a share a round may ask whether they have tasks.
    private const int MaxUnsure = 64;

    private readonly ServedQueues queues;
    private readonly RunningTasks running;
    private readonly QueueAttention attention = new();
    private int unsureLeft;
    private ServedQueueSet served;
    private long[] weights;
    private long[] credits;
    private int[] shares;
    private int[] rooms;
    private int[] reserved;
    private bool[] open;

    public QueuePicker(ServedQueues queues, RunningTasks running)
    {
        (this.queues, this.running) = (queues, running);
        served = queues.Current;

        weights = WeightsOf(served);

        // Servers that start together begin at different points of the round.
        credits = [.. weights.Select(weight => Random.Shared.NextInt64(weight))];
        (shares, rooms, reserved, open) = CreateRound(weights.Length);
        attention.Adopt(served.Queues);
    }

    /// <summary>Which queues may have tasks.</summary>
    public QueueAttention Attention => attention;

    /// <summary>Limits of task types; <see langword="null"/> when there are none.</summary>
    public TypeLimits? Types => served.Types;

    /// <summary>The queues by position, the greatest weight first.</summary>
    public IReadOnlyList<ServedQueue> Queues => served.Queues;

    /// <summary>Begins a round: of the queues that may have tasks, only their limits and the slots limit the
    /// shares.</summary>
    public void Begin()
    {
        var adopted = queues.Adopt();
        if (!ReferenceEquals(adopted, served))
        {
            running.Recount(adopted.Types is { } types ? types.Find : static _ => null);
            (credits, weights) = (CarryCredits(adopted), WeightsOf(adopted));
            (shares, rooms, reserved, open) = CreateRound(weights.Length);
            served = adopted;
            attention.Adopt(served.Queues);
        }

        attention.Listen();
        OpenInteresting();
        rooms.AsSpan().Fill(int.MaxValue);
        reserved.AsSpan().Clear();
    }

    /// <summary>Whether any queue may still give tasks in this round. A queue at its limit may not; the server wakes
    /// up when a task of that queue ends.</summary>
    public bool AnyOpen()
    {
        if (served.HasLimits)
        {
            ApplyLimits();
        }

        return open.AsSpan().Contains(true);
    }

    /// <summary>Opens the queues that may have tasks, or deferred tasks that may run.</summary>
    public void OpenInteresting()
    {
        for (var i = 0; i < open.Length; i++)
        {
            open[i] = attention.MayHaveTasks(i) || served.Types?.HaveRoomFor(served.Queues[i].Name) == true;
        }
    }

    /// <summary>Whether to ask the queue at this position now. A queue without a share is asked only to learn whether
    /// it has tasks.</summary>
    public bool Asks(int queue) => open[queue]
        && (attention.AsksAll || shares[queue] > 0 || (attention.IsUnsure(queue) && unsureLeft-- > 0));

    /// <summary>Ends the round for a queue.</summary>
    public void Close(int queue) => open[queue] = false;

    /// <summary>Records the reply of a pending list. Ends the round for a queue whose pending list is empty, unless
    /// deferred tasks of the queue may run.</summary>
    public void Replied(int queue, int taken, long left)
    {
        attention.Replied(queue, taken, left);
        if (left == 0 && served.Types?.HaveRoomFor(served.Queues[queue].Name) != true)
        {
            open[queue] = false;
        }
    }

    /// <summary>Keeps slots for a queue that its deferred tasks left free: the next share gives them to that queue
    /// first.</summary>
    /// <param name="queue">The position of the queue.</param>
    /// <param name="slots">How many slots.</param>
    /// <param name="tries">How often slots were kept in this round.</param>
    public void Reserve(int queue, int slots, int tries)
    {
        if (tries < MaxTries)
        {
            reserved[queue] += slots;
        }
    }

    /// <summary>Shares slots among the open queues.</summary>
    /// <returns>Slots by position of the queue; valid until the next call.</returns>
    public ReadOnlySpan<int> Share(int slots)
    {
        shares.AsSpan().Clear();
        unsureLeft = MaxUnsure;
        slots -= ShareReserved(slots);
        for (; slots > 0; slots--)
        {
            var next = served.IsStrict ? FirstWithRoom() : PickNext();
            if (next < 0)
            {
                break;
            }

            shares[next]++;
        }

        return shares;
    }

    private static long[] WeightsOf(ServedQueueSet set) => [.. set.Queues.Select(queue => (long)queue.Weight)];

    private static (int[] Shares, int[] Rooms, int[] Reserved, bool[] Open) CreateRound(int queues) =>
        (new int[queues], new int[queues], new int[queues], new bool[queues]);

    private int ShareReserved(int slots)
    {
        var left = slots;
        for (var i = 0; i < reserved.Length && left > 0; i++)
        {
            if (open[i] && reserved[i] > 0)
            {
                var given = Math.Min(Math.Min(reserved[i], rooms[i]), left);
                reserved[i] -= given;
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

    private void ApplyLimits()
    {
        for (var i = 0; i < served.Queues.Count; i++)
        {
            var limit = served.Queues[i].Limit;
            var room = limit.Room;
            if (room > 0)
            {
                rooms[i] = room;
            }
            else if (open[i])
            {
                limit.AwaitRoom();
                open[i] = false;
            }
        }
    }

    // Queues that come or go do not start the round again. A credit earned with other weights must not outlast one
    // round.
    private long[] CarryCredits(ServedQueueSet next)
    {
        var sum = next.Queues.Sum(queue => (long)queue.Weight);
        var before = served.Queues.Zip(credits).ToDictionary(
            queue => queue.First.Name, queue => queue.Second, StringComparer.Ordinal);

        return
        [
            .. next.Queues.Select(queue => before.TryGetValue(queue.Name, out var credit)
                ? Math.Clamp(credit, -sum, sum) : Random.Shared.NextInt64(queue.Weight)),
        ];
    }
}
