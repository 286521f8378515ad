using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>Tasks that were moved out of their group to be aggregated.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Group">The group.</param>
/// <param name="Id">The id of the set, unique in its group.</param>
/// <param name="Deadline">When every worker may return the tasks to their group, in Unix seconds.</param>
internal sealed record AggregationSet(string Queue, string Group, string Id, long Deadline)
{
    /// <summary>The deadline of a set whose aggregate is in its queue and whose tasks are still to be deleted: the
    /// last second of the year 9999, so that no worker ever returns the tasks to their group.</summary>
    public const long AggregatedDeadline = 253_402_300_799;

    public string Key => QueueKeys.Of(Queue).AggregationSet(Group, Id);

    /// <summary>The aggregate is in its queue; the tasks are still to be deleted.</summary>
    public bool IsAggregated => Deadline == AggregatedDeadline;

    /// <summary>The set that a key belongs to; <see langword="null"/> when the key belongs to no set of this
    /// queue.</summary>
    public static AggregationSet? Parse(string queue, string key, long deadline)
    {
        // The name of a group can contain colons; the id of a set contains none.
        var prefix = QueueKeys.Of(queue).GroupPrefix;
        var end = key.LastIndexOf(':');

        return key.StartsWith(prefix, StringComparison.Ordinal) && end > prefix.Length
            ? new AggregationSet(queue, key[prefix.Length..end], key[(end + 1)..], deadline)
            : null;
    }
}
