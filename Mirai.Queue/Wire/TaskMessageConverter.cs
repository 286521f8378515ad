using System.Collections.ObjectModel;
using Google.Protobuf;

namespace Mirai.Queue.Wire;

/// <summary>Turns a task and its options into the message that Redis keeps, and a message into the
/// <see cref="TaskInfo"/> that users get.</summary>
internal static class TaskMessageConverter
{
    /// <summary>Builds the message of a new task.</summary>
    /// <remarks><see cref="EnqueueChecks"/> has checked the task and its options.</remarks>
    public static TaskMessage ToMessage(QueueTask task, EnqueueOptions options)
    {
        var queue = options.Queue ?? EnqueueOptions.DefaultQueue;
        var message = new TaskMessage
        {
            Type = task.Type,
            Payload = task.Payload is { } payload ? UnsafeByteOperations.UnsafeWrap(payload) : ByteString.Empty,
            Id = options.TaskId ?? Guid.NewGuid().ToString(),
            Queue = queue,
            Retry = Math.Max(options.MaxRetry ?? EnqueueOptions.DefaultMaxRetry, 0),
            Timeout = TimeoutSeconds(options),
            Deadline = WireTime.ToSeconds(options.Deadline),
            Retention = WireTime.ToSeconds(options.Retention ?? TimeSpan.Zero),
            GroupKey = options.Group ?? "",
            UniqueKey = options.UniqueFor is null ? "" : UniqueKey.For(queue, task.Type, task.Payload),
        };
        foreach (var (key, value) in options.Headers ?? ReadOnlyDictionary<string, string>.Empty)
        {
            message.Headers[key] = value;
        }

        return message;
    }

    /// <summary>The task of a message, as users get it.</summary>
    public static TaskInfo ToInfo(TaskMessage message, TaskState state, DateTimeOffset? nextProcessAt) => new()
    {
        Id = message.Id,
        Queue = message.Queue,
        Type = message.Type,
        Payload = Payload(message),
        State = state,
        MaxRetry = message.Retry,
        Retried = message.Retried,
        LastError = message.ErrorMsg.Length == 0 ? null : message.ErrorMsg,
        LastFailedAt = WireTime.FromSeconds(message.LastFailedAt),
        Timeout = message.Timeout == 0 ? null : WireTime.ToDuration(message.Timeout),
        Deadline = WireTime.FromSeconds(message.Deadline),
        Group = message.GroupKey.Length == 0 ? null : message.GroupKey,
        NextProcessAt = nextProcessAt,
        Retention = WireTime.ToDuration(message.Retention),
        CompletedAt = WireTime.FromSeconds(message.CompletedAt),
        Headers = Headers(message),
    };

    /// <summary>The headers of a message; one shared empty dictionary when there are none.</summary>
    public static IReadOnlyDictionary<string, string> Headers(TaskMessage message) =>
        message.Headers.Count == 0 ? ReadOnlyDictionary<string, string>.Empty : message.Headers.AsReadOnly();

    /// <summary>Text that protobuf can carry: a lone surrogate has no UTF-8 form, and Go refuses text that is not
    /// UTF-8.</summary>
    public static string Sanitize(string text) => IsWellFormed(text)
        ? text
        : string.Concat(text.EnumerateRunes()); // enumerating replaces each lone surrogate by U+FFFD

    // default(ReadOnlyMemory<byte>?) and not null: the conditional operator would convert null to an empty payload.
    private static ReadOnlyMemory<byte>? Payload(TaskMessage message) =>
        message.Payload.IsEmpty ? default(ReadOnlyMemory<byte>?) : message.Payload.Memory;

    // A worker of Asynq runs a task without timeout and deadline for 30 minutes at most. The message says so, so that
    // whoever looks at the task sees the limit that holds.
    private static long TimeoutSeconds(EnqueueOptions options)
    {
        if (options.Timeout is not { } timeout || timeout == TimeSpan.Zero)
        {
            return WireTime.ToSeconds(options.Deadline) == 0 ? WireTime.ToSeconds(EnqueueOptions.DefaultTimeout) : 0;
        }

        return Math.Max(WireTime.ToSeconds(timeout), 1); // not 0, which means "no timeout"
    }

    /// <summary>Whether UTF-8 can carry a text.</summary>
    public static bool IsWellFormed(string text)
    {
        var surrogate = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        while (surrogate >= 0)
        {
            if (surrogate + 1 >= text.Length || !char.IsSurrogatePair(text[surrogate], text[surrogate + 1]))
            {
                return false;
            }

            var next = text.AsSpan(surrogate + 2).IndexOfAnyInRange('\ud800', '\udfff');
            surrogate = next < 0 ? -1 : surrogate + 2 + next;
        }

        return true;
    }
}
