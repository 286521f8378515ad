namespace Mirai.Queue.Server.Taking;

/// <summary>The queues a server serves and their limits, which change while it runs: by new settings, and as queues
/// appear that a pattern stands for. Running counts live on, so that a limit holds across every change.</summary>
internal sealed class ServedQueues
{
    private readonly Action onRoom;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ConcurrencyLimit> limits = new(StringComparer.Ordinal);
    private Dictionary<string, TypeLimit> types = new(StringComparer.Ordinal);
    private QueueServerOptions options;
    private IReadOnlySet<string> existing = new HashSet<string>();
    private volatile QueueSelection selection;
    private volatile ServedQueueSet current;
    private ServedQueueSet? adopted;

    public ServedQueues(QueueServerOptions options, Action onRoom, TimeProvider time)
    {
        (this.options, this.onRoom, this.time) = (options, onRoom, time);
        selection = new QueueSelection(options);
        current = Build();
    }

    /// <summary>Called after every change.</summary>
    public event Action? Changed;

    /// <summary>Called when the settings have other <see cref="Entries"/>.</summary>
    public event Action? EntriesChanged;

    /// <summary>The queues of now; later changes make another set.</summary>
    public ServedQueueSet Current => current;

    /// <summary>The names of now.</summary>
    public IReadOnlyList<string> Names => current.Names;

    /// <summary>The names and patterns that the settings have.</summary>
    public IReadOnlyList<string> Entries => selection.Entries;

    /// <summary>Whether queues may appear.</summary>
    public bool HasPatterns => selection.HasPatterns;

    /// <summary>Whether the queue is to be served and is not yet.</summary>
    public bool IsNew(string queue) => !current.Weights.ContainsKey(queue) && selection.WeightOf(queue) > 0;

    /// <summary>Takes new settings over.</summary>
    /// <returns>Whether they change anything here.</returns>
    public bool Apply(QueueServerOptions settings)
    {
        bool hasSameEntries;
        lock (gate)
        {
            if (AreSame(settings, options))
            {
                return false;
            }

            var before = selection;
            options = settings;
            selection = new QueueSelection(settings);
            hasSameEntries = selection.Entries.SequenceEqual(before.Entries);
            current = Build();
        }

        if (!hasSameEntries)
        {
            EntriesChanged?.Invoke();
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>Notes which queues exist.</summary>
    /// <returns>Whether that changed what is served.</returns>
    public bool Found(IReadOnlySet<string> queues)
    {
        lock (gate)
        {
            existing = queues;
            if (current.Weights.Keys.ToHashSet().SetEquals(selection.Select(existing)))
            {
                return false;
            }

            current = Build();
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>The set for the processor, which takes from no other queue from now on.</summary>
    public ServedQueueSet Adopt()
    {
        if (ReferenceEquals(adopted, current))
        {
            return adopted;
        }

        lock (gate)
        {
            // Counts that nobody changes any more: a queue that comes back later begins at none.
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
            limit.Most = options.TypeLimits[pattern];
        }

        return new ServedQueueSet(
            selection.Select(existing)
                .Select(queue => new ServedQueue(queue, selection.WeightOf(queue), LimitOf(queue))),
            options.StrictPriority,
            types.Count > 0 ? new TypeLimits(types) : null);
    }

    private ConcurrencyLimit LimitOf(string queue)
    {
        if (!limits.TryGetValue(queue, out var limit))
        {
            limits[queue] = limit = new ConcurrencyLimit(int.MaxValue, onRoom);
        }

        limit.Most = selection.LimitOf(queue);
        return limit;
    }
}
