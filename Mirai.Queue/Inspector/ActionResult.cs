using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>What a script did with the tasks it was given.</summary>
/// <param name="Count">How many it acted on.</param>
/// <param name="Kept">How many it did not act on although they are still where they were found.</param>
/// <param name="State">State of the last that it did not act on; <see langword="null"/> when that one is gone.</param>
internal readonly record struct ActionResult(int Count, int Kept, TaskState? State)
{
    public static ActionResult Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var count = reader.ReadInt32();
        reader.MoveNext();
        var kept = reader.ReadInt32();
        reader.MoveNext();

        return new ActionResult(count, kept, TaskStateWord.TryParse(reader.ReadString()));
    }

    /// <summary>For a script that was given one task.</summary>
    public void ThrowUnlessDone(string queue, string taskId, string action)
    {
        if (Count == 0)
        {
            throw State is { } state
                ? new TaskStateException(queue, taskId, state, action)
                : new TaskNotFoundException(queue, taskId);
        }
    }
}
