using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>A message that was read from a place.</summary>
/// <param name="Stored">The bytes of the message.</param>
/// <param name="Score">The score; 0 in a list.</param>
/// <param name="Message">The decoded message; <see langword="null"/> when it cannot be read.</param>
/// <param name="Queue">The queue that the message belongs to.</param>
internal sealed record LegacyEntry(ReadOnlyMemory<byte> Stored, double Score, LegacyMessage? Message, string Queue)
{
    public static LegacyEntry Read(LegacyPlace place, RedisValue stored, double score)
    {
        var message = LegacyMessage.Decode(stored);
        var queue = place.State == TaskState.Pending ? LegacyKeys.NameOf(place.Key) : message?.Queue ?? "";

        return new LegacyEntry(stored, score, message, queue);
    }

    /// <summary>Whether the message belongs to a queue; names of queues are compared without regard to case.</summary>
    public bool IsOf(string queue) => Queue.Equals(queue, StringComparison.OrdinalIgnoreCase);

    /// <summary>The task in the form of the current layout. A dead task last failed when it died.</summary>
    public StoredTask ToTask(LegacyPlace place)
    {
        var message = Message?.ToTaskMessage();
        if (message is not null && place.State == TaskState.Archived)
        {
            message.LastFailedAt = (long)Score;
        }

        return new StoredTask(message?.Id ?? LegacyTakes.Unreadable, place.State == TaskState.Pending ? null : Score)
        {
            Bytes = Stored.ToArray(),
            Message = message,
            State = place.State,
        };
    }
}
