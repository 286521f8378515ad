using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Tasks that one call of a script changes.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Tasks">The tasks.</param>
internal sealed record TaskBatch(string Queue, IReadOnlyList<StoredTask> Tasks)
{
    /// <summary>Where the tasks were found and must still be; <see langword="null"/> for one task, wherever it
    /// is.</summary>
    public TaskContainer? From { get; init; }

    /// <summary>The scan that found the tasks; <see langword="null"/> when they are the first of the container. A
    /// scanned task must still have its score: with another score, it left and came back.</summary>
    public ScanBatch? Scan { get; init; }

    /// <summary>The key that follows the script's own keys, if any.</summary>
    public IEnumerable<RedisKey> Keys => From is null ? [] : [From.Key];

    /// <summary>The arguments that follow the script's own arguments.</summary>
    public IEnumerable<RedisValue> Arguments =>
    [
        From is null ? "" : TaskStateWord.Of(From.State),
        .. Tasks.SelectMany(task => (RedisValue[])[task.Id, Scan is not null && task.Score is { } score ? score : ""]),
    ];
}

/// <summary>What a script did with the tasks of a batch.</summary>
/// <param name="Count">Number of changed tasks.</param>
/// <param name="Kept">Number of unchanged tasks that are still where they were found.</param>
/// <param name="State">State of the last unchanged task; <see langword="null"/> when that task is gone.</param>
internal readonly record struct BatchResult(int Count, int Kept = 0, TaskState? State = null)
{
    /// <summary>Number of archived tasks that were deleted because the archive was over its limit.</summary>
    public long Trimmed { get; init; }

    public static BatchResult Read(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var count = reader.ReadInt32();
        reader.MoveNext();
        var kept = reader.ReadInt32();
        reader.MoveNext();

        return new BatchResult(count, kept, TaskStateWord.TryParse(reader.ReadString()));
    }

    /// <summary>The step of a batch of one task.</summary>
    /// <exception cref="TaskStateException">The task is in the wrong state.</exception>
    /// <exception cref="TaskNotFoundException">The task is gone.</exception>
    public SelectionStep ToStep(string queue, string taskId, TaskVerb verb) => (Count, State) switch
    {
        ( > 0, _) => new SelectionStep(Count) { Trimmed = Trimmed },
        (_, { } state) => throw new TaskStateException(queue, taskId, state, verb.Participle),
        _ => throw new TaskNotFoundException(queue, taskId),
    };
}

/// <summary>A message before and after its payload changed.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Before">The message that was read.</param>
/// <param name="After">The message to write.</param>
internal sealed record PayloadChange(string TaskId, byte[] Before, byte[] After)
{
    public int Size => Before.Length + After.Length;

    public static PayloadChange Create(StoredTask task, ReadOnlyMemory<byte> payload)
    {
        var message = task.Message!.Clone();
        message.Payload = ByteString.CopyFrom(payload.Span);

        return new PayloadChange(task.Id, task.Bytes, message.ToByteArray());
    }
}
