using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Inspector;

/// <summary>A task as Redis holds it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Its score in its container; <see langword="null"/> in lists.</param>
internal sealed record StoredTask(string Id, double? Score)
{
    /// <summary>The message, as it is.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The message; <see langword="null"/> when it cannot be read.</summary>
    public TaskMessage? Message { get; init; }

    /// <summary>Where the task is; <see langword="null"/> when it is gone.</summary>
    public TaskState? State { get; init; }

    /// <summary>What its handler wrote.</summary>
    public byte[]? Result { get; init; }

    /// <summary>Since when it has been pending.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    /// <summary>Reads a message.</summary>
    /// <returns><see langword="null"/> when it is none.</returns>
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

    /// <summary>What users see of it. A message says nothing about where its task is.</summary>
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

    /// <summary>Since when it has been where it is, as far as Redis knows.</summary>
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
