using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>The queues that a server serves at one moment. The settings name queues and patterns; the entry of a queue
/// itself counts, else that of the longest pattern that the name matches.</summary>
internal sealed class ServedQueueSet
{
    private readonly Dictionary<string, int> entries;

    /// <param name="options">The settings.</param>
    /// <param name="existing">The queues that exist.</param>
    /// <param name="limitOf">Finds the limit of a queue, and sets it to the maximum of the settings.</param>
    /// <param name="types">Limits of task types.</param>
    public ServedQueueSet(
        QueueServerOptions options, IEnumerable<string> existing, Func<string, int, ConcurrencyLimit> limitOf,
        TypeLimits? types)
    {
        entries = options.Queues.Where(queue => !string.IsNullOrWhiteSpace(queue.Key))
            .ToDictionary(queue => queue.Key, queue => queue.Value, StringComparer.Ordinal);
        if (entries.Values.All(weight => weight < 1))
        {
            entries[EnqueueOptions.DefaultQueue] = 1;
        }

        Entries = [.. entries.Where(entry => entry.Value > 0).Select(entry => entry.Key)];
        HasPatterns = Entries.Any(QueuePattern.IsPattern);
        Queues =
        [
            .. Select(existing)
                .Select(queue => new ServedQueue(
                    queue, WeightOf(queue), limitOf(queue, Find(options.QueueLimits, queue) ?? int.MaxValue)))
                .OrderByDescending(queue => queue.Weight).ThenBy(queue => queue.Name, StringComparer.Ordinal),
        ];
        Names = [.. Queues.Select(queue => queue.Name)];
        Weights = Queues.ToDictionary(queue => queue.Name, queue => queue.Weight, StringComparer.Ordinal);
        HasLimits = Queues.Any(queue => queue.Limit.Max != int.MaxValue);
        IsStrict = options.StrictPriority;
        Types = types;
    }

    /// <summary>The names and patterns of the settings.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>Whether queues of a pattern may appear.</summary>
    public bool HasPatterns { get; }

    /// <summary>The queues, the greatest weight first.</summary>
    public IReadOnlyList<ServedQueue> Queues { get; }

    /// <summary>The names of the queues, in the same order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The weights of the queues.</summary>
    public IReadOnlyDictionary<string, int> Weights { get; }

    /// <summary>Whether any queue has a limit.</summary>
    public bool HasLimits { get; }

    /// <summary>Whether a queue may give tasks only while all queues of greater weight are empty.</summary>
    public bool IsStrict { get; }

    /// <summary>Limits of task types; <see langword="null"/> when there are none.</summary>
    public TypeLimits? Types { get; }

    /// <summary>Whether the queue matches a pattern but is not served yet, because it was not known to
    /// exist.</summary>
    public bool IsNew(string queue) => !Weights.ContainsKey(queue) && WeightOf(queue) > 0;

    /// <summary>Whether the same queues are served when these queues exist.</summary>
    public bool IsSelectionOf(IEnumerable<string> existing) => Names.ToHashSet().SetEquals(Select(existing));

    private IEnumerable<string> Select(IEnumerable<string> existing) =>
        Entries.Where(entry => !QueuePattern.IsPattern(entry))
        .Concat(existing.Where(queue => !QueuePattern.IsPattern(queue) && WeightOf(queue) > 0))
        .Distinct(StringComparer.Ordinal);

    private int WeightOf(string queue) => Find(entries, queue) ?? 0;

    private static int? Find(IDictionary<string, int> entries, string queue)
    {
        if (entries.TryGetValue(queue, out var own))
        {
            return own;
        }

        var longest = entries.Keys.Where(entry => QueuePattern.IsPattern(entry) && QueuePattern.Matches(entry, queue))
            .MaxBy(pattern => pattern.Length);
        return longest is null ? null : entries[longest];
    }
}
