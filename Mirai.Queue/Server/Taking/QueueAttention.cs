namespace Mirai.Queue.Server.Taking;

/// <summary>Which of many queues a server asks for tasks: those that a signal named, those whose last reply said that
/// tasks are left, and those in which a look found tasks. The cost of all other queues does not grow with their number:
/// a look reads hundreds of them with one command (<see cref="Store.IQueueStore.FindPendingAsync"/>); where Redis
/// cannot do that, each poll asks the next few.</summary>
/// <remarks>A few queues are all asked at every poll: that costs about as much as the look.</remarks>
internal sealed class QueueAttention
{
    /// <summary>Up to so many queues are all asked, always.</summary>
    public const int Few = 16;

    // How many silent queues a poll asks by themselves.
    private const int MostAskedPerPoll = 16;

    // A look found tasks that a take did not get: the queue is paused, for instance. For so many polls, the queue is
    // asked by itself, because each look would have to find out again which of the queues has tasks.
    private const int PollsWithoutLook = 8;

    private readonly Lock gate = new();
    private readonly HashSet<string> signals = new(StringComparer.Ordinal);
    private bool isAnySignalled = true;

    // By the queue's position; used by the processor's loop alone.
    private IReadOnlyList<ServedQueue> queues = [];
    private Dictionary<string, int> positions = new(StringComparer.Ordinal);
    private State[] states = [];
    private int turn;

    /// <summary>Whether every queue is asked.</summary>
    public bool AsksAll => queues.Count <= Few;

    /// <summary>Whether a look is due before the next poll: any queue may have got tasks.</summary>
    public bool WantsLook { get; private set; }

    /// <summary>A queue may have tasks. Any thread may call this.</summary>
    /// <param name="queue">The queue; <see langword="null"/> when it may be any.</param>
    public void Signal(string? queue)
    {
        lock (gate)
        {
            if (queue is null)
            {
                isAnySignalled = true;
            }
            else
            {
                signals.Add(queue);
            }
        }
    }

    /// <summary>Follows a change of the served queues; a new queue may have tasks.</summary>
    public void Adopt(IReadOnlyList<ServedQueue> served)
    {
        var before = queues.Zip(states).ToDictionary(
            queue => queue.First.Name, queue => queue.Second, StringComparer.Ordinal);
        queues = served;
        positions = served.Select((queue, position) => (queue.Name, position))
            .ToDictionary(queue => queue.Name, queue => queue.position, StringComparer.Ordinal);
        states = [.. served.Select(queue => before.GetValueOrDefault(queue.Name))];
        WantsLook |= served.Any(queue => !before.ContainsKey(queue.Name));
    }

    /// <summary>Hears the signals since the last call.</summary>
    public void Listen()
    {
        lock (gate)
        {
            foreach (var queue in signals)
            {
                Raise(queue, Interest.Signalled);
            }

            WantsLook |= isAnySignalled;
            isAnySignalled = false;
            signals.Clear();
        }
    }

    /// <summary>Whether the queue at this position may have tasks.</summary>
    public bool MayHaveTasks(int queue) => AsksAll || states[queue].Interest != Interest.None;

    /// <summary>Whether it is unknown if the queue has tasks: then asking is worth a call without a share.</summary>
    public bool IsUnsure(int queue) => states[queue].Interest is Interest.Signalled or Interest.Looked;

    /// <summary>Records the reply to a take.</summary>
    /// <param name="queue">The position of the queue.</param>
    /// <param name="taken">How many tasks came.</param>
    /// <param name="left">How many are left.</param>
    public void Replied(int queue, int taken, long left)
    {
        ref var state = ref states[queue];
        var polls = taken > 0 || left > 0 ? 0
            : state.Interest == Interest.Looked ? PollsWithoutLook : state.PollsWithoutLook;
        state = new State(left > 0 ? Interest.Known : Interest.None, polls);
    }

    /// <summary>Redis refused the take: the next polls ask this queue, and not every round.</summary>
    public void Refused(int queue) => states[queue] = new State(Interest.None, PollsWithoutLook);

    /// <summary>The queues that seem to have no tasks.</summary>
    public IReadOnlyList<string> Silent() => Find(static state => state.Interest == Interest.None);

    /// <summary>The silent queues that a look can tell about.</summary>
    public IReadOnlyList<string> ToLookAt() =>
        Find(static state => state is { Interest: Interest.None, PollsWithoutLook: 0 });

    /// <summary>Records the look of a poll.</summary>
    /// <param name="found">The queues with tasks; <see langword="null"/> when Redis cannot tell.</param>
    public void Looked(IReadOnlyList<string>? found)
    {
        WantsLook = false;
        foreach (var queue in found ?? [])
        {
            Raise(queue, Interest.Looked);
        }

        AskNext(includeAll: found is null);
    }

    private void AskNext(bool includeAll)
    {
        var left = MostAskedPerPoll;
        for (var step = 0; step < states.Length && left > 0; step++)
        {
            turn = (turn + 1) % states.Length;
            ref var state = ref states[turn];
            if (state.Interest == Interest.None && (includeAll || state.PollsWithoutLook > 0))
            {
                state = new State(Interest.Signalled, Math.Max(0, state.PollsWithoutLook - 1));
                left--;
            }
        }
    }

    private List<string> Find(Func<State, bool> condition) =>
        [.. queues.Where((_, position) => condition(states[position])).Select(queue => queue.Name)];

    private void Raise(string queue, Interest interest)
    {
        if (positions.TryGetValue(queue, out var position) && states[position].Interest == Interest.None)
        {
            states[position] = states[position] with { Interest = interest };
        }
    }

    private enum Interest
    {
        None,
        Looked,
        Signalled,
        Known,
    }

    private readonly record struct State(Interest Interest, int PollsWithoutLook);
}
