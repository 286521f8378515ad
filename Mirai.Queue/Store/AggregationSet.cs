using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>Tasks that were taken out of their group to be aggregated.</summary>
/// <param name="Queue">Their queue.</param>
/// <param name="Group">Their group.</param>
/// <param name="Id">Tells sets of the group apart.</param>
/// <param name="Deadline">When anybody may put the tasks back into their group, in Unix seconds.</param>
internal sealed record AggregationSet(string Queue, string Group, string Id, long Deadline)
{
    /// <summary>The deadline of a set whose tasks are to be deleted, because their aggregate is in its queue: the last
    /// second of the year 9999, so that nobody ever puts them back.</summary>
    public const long HandedOver = 253_402_300_799;

    public string Key => RedisKeys.AggregationSet(Queue, Group, Id);

    public bool IsHandedOver => Deadline == HandedOver;

    /// <summary>The set that a key belongs to; <see langword="null"/> when it is no key of a set of this
    /// queue.</summary>
    public static AggregationSet? Parse(string queue, string key, long deadline)
    {
        // A group's name may have colons, a set's id has none.
        var prefix = RedisKeys.GroupPrefix(queue);
        var end = key.LastIndexOf(':');

        return key.StartsWith(prefix, StringComparison.Ordinal) && end > prefix.Length
            ? new AggregationSet(queue, key[prefix.Length..end], key[(end + 1)..], deadline)
            : null;
    }
}
