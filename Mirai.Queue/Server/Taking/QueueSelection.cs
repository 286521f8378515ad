using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Which queues the settings mean. A queue's own entry counts, else that of the longest pattern it
/// fits.</summary>
internal sealed class QueueSelection
{
    private readonly Dictionary<string, int> weights;
    private readonly Dictionary<string, int> limits;

    public QueueSelection(QueueServerOptions options)
    {
        weights = options.Queues.Where(queue => !string.IsNullOrWhiteSpace(queue.Key))
            .ToDictionary(queue => queue.Key, queue => queue.Value, StringComparer.Ordinal);
        limits = new Dictionary<string, int>(options.QueueLimits, StringComparer.Ordinal);
        if (weights.Values.All(weight => weight < 1))
        {
            weights[EnqueueOptions.DefaultQueue] = 1;
        }

        Entries = [.. weights.Where(entry => entry.Value > 0).Select(entry => entry.Key)];
        HasPatterns = Entries.Any(QueuePattern.IsPattern);
    }

    /// <summary>The names and patterns that are served.</summary>
    public IReadOnlyList<string> Entries { get; }

    public bool HasPatterns { get; }

    /// <summary>The weight of a queue; below 1 when it is not served.</summary>
    public int WeightOf(string queue) => Find(weights, queue) ?? 0;

    /// <summary>How many tasks of a queue may run at once.</summary>
    public int LimitOf(string queue) => Find(limits, queue) ?? int.MaxValue;

    /// <summary>The queues to serve, when these exist.</summary>
    public IEnumerable<string> Select(IEnumerable<string> existing) =>
        Entries.Where(entry => !QueuePattern.IsPattern(entry))
        .Concat(existing.Where(queue => !QueuePattern.IsPattern(queue) && WeightOf(queue) > 0))
        .Distinct(StringComparer.Ordinal);

    private static int? Find(Dictionary<string, int> entries, string queue)
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
