using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Inspector;

/// <summary>A task as Redis stores it.</summary>
/// <param name="Id">The id.</param>
/// <param name="Score">The score in the task's container; <see langword="null"/> in lists.</param>
internal sealed record StoredTask(string Id, double? Score)
{
    /// <summary>The bytes of the message.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The message; <see langword="null"/> when it cannot be read.</summary>
    public TaskMessage? Message { get; init; }

    /// <summary>The state; <see langword="null"/> when the task is gone.</summary>
    public TaskState? State { get; init; }

    /// <summary>The result that the handler wrote.</summary>
    public byte[]? Result { get; init; }

    /// <summary>When the task became pending.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    /// <summary>Reads a message.</summary>
    /// <returns><see langword="null"/> when the bytes are not a message.</returns>
    public static TaskMessage? TryParse(byte[] bytes)
    {
        try
        {
            return TaskMessage.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The task as users see it. The message does not contain the state.</summary>
    public TaskInfo ToInfo(string queue, TaskState state, DateTimeOffset now)
    {
        DateTimeOffset? nextProcessAt = state switch
        {
            TaskState.Pending => now,
            TaskState.Scheduled or TaskState.Retry => WireTime.FromSeconds(Seconds),
            _ => null,
        };
        var info = Message is null
            ? new TaskInfo { Id = Id, Queue = queue, Type = "", State = state, MaxRetry = 0, IsUnreadable = true }
            : TaskMessageConverter.ToInfo(Message, state, nextProcessAt);

        return info with
        {
            NextProcessAt = nextProcessAt,
            Result = Result is { } result ? result : default(ReadOnlyMemory<byte>?),
            IsOrphaned = state == TaskState.Active && Score is not null && Seconds <= now.ToUnixTimeSeconds(),
        };
    }

    /// <summary>Since when the task has been in a state; <see langword="null"/> when Redis does not store
    /// it.</summary>
    public DateTimeOffset? Since(TaskState state) => state switch
    {
        TaskState.Pending => PendingSince,
        TaskState.Retry => WireTime.FromSeconds(Message?.LastFailedAt ?? 0),
        TaskState.Completed => WireTime.FromSeconds(Message?.CompletedAt ?? 0),
        TaskState.Archived or TaskState.Aggregating => WireTime.FromSeconds(Seconds),
        _ => null,
    };

    private long Seconds => (long)Score.GetValueOrDefault();
}
