using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>A move, change or deletion of messages of one place.</summary>
/// <param name="Queue">The queue of the messages.</param>
/// <param name="From">The place.</param>
/// <param name="To">The place to move to; <see langword="null"/> deletes the messages.</param>
internal sealed record LegacyAction(string Queue, LegacyPlace From, LegacyPlace? To)
{
    /// <summary>The new score; <see langword="null"/> keeps the score of each message.</summary>
    public RedisValue? Score { get; init; }

    /// <summary>Whether uniqueness locks are released (deletion) or prolonged (later due time).</summary>
    public bool AdjustsLocks { get; init; }

    /// <summary>Whether a list is searched from its head and not from its tail.</summary>
    public bool FromHead { get; init; }

    /// <summary>Whether workers are woken up.</summary>
    public bool Wakes { get; init; }

    public static LegacyAction Run(string queue, LegacyPlace from) =>
        new(queue, from, LegacyPlace.Of(queue, TaskState.Pending)) { Wakes = true };

    public static LegacyAction Archive(string queue, LegacyPlace from, long now) =>
        new(queue, from, LegacyPlace.Of(queue, TaskState.Archived)) { Score = now };

    public static LegacyAction Delete(string queue, LegacyPlace from) =>
        new(queue, from, null) { AdjustsLocks = true };

    public static LegacyAction Reschedule(string queue, LegacyPlace from, long due) =>
        new(queue, from, from) { Score = due, AdjustsLocks = true, Wakes = true };

    public static LegacyAction Update(string queue, LegacyPlace from) => new(queue, from, from);
}

/// <summary>A message before and after an action.</summary>
/// <param name="Entry">The message that was found.</param>
/// <param name="Message">The message to store.</param>
internal sealed record LegacyChange(LegacyEntry Entry, ReadOnlyMemory<byte> Message)
{
    public static LegacyChange None(LegacyEntry entry) => new(entry, entry.Stored);

    /// <exception cref="LayoutNotSupportedException">The payload is not a JSON object.</exception>
    public static LegacyChange Payload(LegacyEntry entry, ReadOnlyMemory<byte> payload) =>
        new(entry, (entry.Message! with { Payload = LegacyTaskFactory.PayloadText(payload) }).Encode());
}
