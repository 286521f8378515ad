using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Server.Taking;

/// <summary>The queues that a server serves, with their limits. Both change while the server runs: by new settings,
/// and as queues of a pattern appear. The counts of running tasks live on, so that a limit holds across every
/// change.</summary>
internal sealed class ServedQueues
{
    private readonly Action onRoom;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ConcurrencyLimit> limits = new(StringComparer.Ordinal);
    private Dictionary<string, TypeLimit> types = new(StringComparer.Ordinal);
    private QueueServerOptions options;
    private IReadOnlySet<string> existing = new HashSet<string>();
    private volatile ServedQueueSet current;
    private ServedQueueSet? adopted;

    public ServedQueues(QueueServerOptions options, Action onRoom, TimeProvider time)
    {
        (this.options, this.onRoom, this.time) = (options, onRoom, time);
        current = Build();
    }

    /// <summary>Raised after every change.</summary>
    public event Action? Changed;

    /// <summary>Raised when new settings change the names or patterns of the queues.</summary>
    public event Action? EntriesChanged;

    /// <summary>The queues at this moment; later changes create another set.</summary>
    public ServedQueueSet Current => current;

    /// <summary>The names of the queues at this moment.</summary>
    public IReadOnlyList<string> Names => current.Names;

    /// <summary>Applies new settings.</summary>
    /// <returns>Whether the settings of queues and limits differ from before.</returns>
    public bool Apply(QueueServerOptions settings)
    {
        bool hasSameEntries;
        lock (gate)
        {
            if (AreSame(settings, options))
            {
                return false;
            }

            var before = current;
            options = settings;
            current = Build();
            hasSameEntries = current.Entries.SequenceEqual(before.Entries);
        }

        if (!hasSameEntries)
        {
            EntriesChanged?.Invoke();
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>Applies the list of queues that exist: queues of a pattern come and go.</summary>
    /// <returns>Whether the served queues changed.</returns>
    public bool SetExisting(IReadOnlySet<string> queues)
    {
        lock (gate)
        {
            existing = queues;
            if (current.IsSelectionOf(queues))
            {
                return false;
            }

            current = Build();
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>Returns the current set to the processor, which takes from no other queue from now on.</summary>
    public ServedQueueSet Adopt()
    {
        if (ReferenceEquals(adopted, current))
        {
            return adopted;
        }

        lock (gate)
        {
            // No attempt leaves these limits any more. A queue that comes back later starts with a count of zero.
            foreach (var (queue, limit) in limits)
            {
                if (limit.Running == 0 && !current.Weights.ContainsKey(queue))
                {
                    limits.Remove(queue);
                }
            }

            return adopted = current;
        }
    }

    private static bool AreSame(QueueServerOptions one, QueueServerOptions other) =>
        one.StrictPriority == other.StrictPriority && AreSame(one.Queues, other.Queues)
        && AreSame(one.QueueLimits, other.QueueLimits) && AreSame(one.TypeLimits, other.TypeLimits);

    private static bool AreSame(IDictionary<string, int> one, IDictionary<string, int> other) =>
        one.Count == other.Count
            && one.All(entry => other.TryGetValue(entry.Key, out var value) && value == entry.Value);

    private ServedQueueSet Build()
    {
        types = options.TypeLimits.ToDictionary(
            entry => entry.Key,
            entry => types.TryGetValue(entry.Key, out var known) ? known : new TypeLimit(entry.Value, onRoom, time),
            StringComparer.Ordinal);
        foreach (var (pattern, limit) in types)
        {
            limit.Max = options.TypeLimits[pattern];
        }

        return new ServedQueueSet(options, existing, LimitOf, types.Count > 0 ? new TypeLimits(types) : null);
    }

    private ConcurrencyLimit LimitOf(string queue, int max)
    {
        if (!limits.TryGetValue(queue, out var limit))
        {
            limits[queue] = limit = new ConcurrencyLimit(int.MaxValue, onRoom);
        }

        limit.Max = max;
        return limit;
    }
}

/// <summary>One queue from which a server takes tasks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight, 1 or more.</param>
/// <param name="Limit">Counts its running tasks.</param>
internal sealed record ServedQueue(string Name, int Weight, ConcurrencyLimit Limit);
