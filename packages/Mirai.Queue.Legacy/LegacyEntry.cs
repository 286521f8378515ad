using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>One message as it was found.</summary>
/// <param name="Stored">Its bytes.</param>
/// <param name="Score">Its score; 0 in a list.</param>
/// <param name="Message">What it says; <see langword="null"/> when it cannot be read.</param>
/// <param name="Queue">The queue it belongs to.</param>
internal sealed record LegacyEntry(ReadOnlyMemory<byte> Stored, double Score, LegacyMessage? Message, string Queue)
{
    public static LegacyEntry Read(LegacyPlace place, RedisValue stored, double score)
    {
        var message = LegacyMessage.Decode(stored);
        var queue = place.State == TaskState.Pending ? LegacyKeys.NameOf(place.Key) : message?.Queue ?? "";

        return new LegacyEntry(stored, score, message, queue);
    }

    /// <summary>Whether it belongs to a queue, whose names differ in more than capitals.</summary>
    public bool IsOf(string queue) => Queue.Equals(queue, StringComparison.OrdinalIgnoreCase);

    /// <summary>As the rest of the inspector knows it. A dead task failed last when it died.</summary>
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
