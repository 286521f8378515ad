using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>What to do with messages of one place.</summary>
/// <param name="Queue">Their queue.</param>
/// <param name="From">The place.</param>
/// <param name="To">Where they go; <see langword="null"/> deletes them.</param>
internal sealed record LegacyAction(string Queue, LegacyPlace From, LegacyPlace? To)
{
    /// <summary>The score they get; <see langword="null"/> keeps theirs.</summary>
    public RedisValue? Score { get; init; }

    /// <summary>Gives locks back when the tasks are deleted, and lengthens them when those are put off.</summary>
    public bool MindsLocks { get; init; }

    /// <summary>Looks for them in a list from its head.</summary>
    public bool FromHead { get; init; }

    /// <summary>Workers have something to do then.</summary>
    public bool Wakes { get; init; }

    public static LegacyAction Run(string queue, LegacyPlace from) =>
        new(queue, from, LegacyPlace.Of(queue, TaskState.Pending)) { Wakes = true };

    public static LegacyAction Archive(string queue, LegacyPlace from, long now) =>
        new(queue, from, LegacyPlace.Of(queue, TaskState.Archived)) { Score = now };

    public static LegacyAction Delete(string queue, LegacyPlace from, bool givesLocksBack) =>
        new(queue, from, null) { MindsLocks = givesLocksBack };

    public static LegacyAction Reschedule(string queue, LegacyPlace from, long due) =>
        new(queue, from, from) { Score = due, MindsLocks = true, Wakes = true };

    public static LegacyAction Update(string queue, LegacyPlace from) => new(queue, from, from);
}
