namespace Mirai.Queue.Server.Taking;

/// <summary>The queues a server serves, as of one moment.</summary>
internal sealed class ServedQueueSet
{
    public ServedQueueSet(IEnumerable<ServedQueue> queues, bool strict, TypeLimits? types)
    {
        Queues = [.. queues.OrderByDescending(queue => queue.Weight).ThenBy(queue => queue.Name, StringComparer.Ordinal)];
        Names = [.. Queues.Select(queue => queue.Name)];
        Weights = Queues.ToDictionary(queue => queue.Name, queue => queue.Weight, StringComparer.Ordinal);
        HasLimits = Queues.Any(queue => queue.Limit.Most != int.MaxValue);
        IsStrict = strict;
        Types = types;
    }

    /// <summary>The queues, the greatest weight first.</summary>
    public IReadOnlyList<ServedQueue> Queues { get; }

    /// <summary>Their names, in the same order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their weights.</summary>
    public IReadOnlyDictionary<string, int> Weights { get; }

    /// <summary>Whether any queue has a limit.</summary>
    public bool HasLimits { get; }

    /// <summary>Whether a queue may give tasks only while all queues of greater weight are empty.</summary>
    public bool IsStrict { get; }

    /// <summary>Limits of task types; <see langword="null"/> when there are none.</summary>
    public TypeLimits? Types { get; }
}
