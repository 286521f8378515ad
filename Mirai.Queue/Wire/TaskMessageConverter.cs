using System.Collections.ObjectModel;
using Google.Protobuf;

namespace Mirai.Queue.Wire;

/// <summary>Turns a task and its options into the message that Redis keeps, and a message into the
/// <see cref="TaskInfo"/> that users get.</summary>
internal static class TaskMessageConverter
{
    /// <summary>Builds the message of a new task.</summary>
    /// <exception cref="ArgumentException">An option is not valid; the message names the option.</exception>
    public static TaskMessage ToMessage(QueueTask task, EnqueueOptions options)
    {
        var queue = QueueName.Check(
            WellFormed(options.Queue ?? EnqueueOptions.DefaultQueue, nameof(EnqueueOptions.Queue)),
            nameof(EnqueueOptions.Queue));
        var message = new TaskMessage
        {
            Type = WellFormed(task.Type, nameof(QueueTask.Type)),
            Payload = task.Payload is { } payload ? UnsafeByteOperations.UnsafeWrap(payload) : ByteString.Empty,
            Id = options.TaskId is { } id ? NotBlank(id, nameof(EnqueueOptions.TaskId)) : Guid.NewGuid().ToString(),
            Queue = queue,
            Retry = Math.Max(options.MaxRetry ?? EnqueueOptions.DefaultMaxRetry, 0),
            Timeout = TimeoutSeconds(options),
            Deadline = WireTime.ToSeconds(options.Deadline),
            Retention = Math.Max(WireTime.ToSeconds(options.Retention ?? TimeSpan.Zero), 0),
            GroupKey = options.Group is { } group ? NotBlank(group, nameof(EnqueueOptions.Group)) : "",
            UniqueKey = options.UniqueFor is { } unique ? LockKey(queue, task, unique) : "",
        };
        if (options.Headers is { } headers)
        {
            AddHeaders(message, headers);
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

    private static long TimeoutSeconds(EnqueueOptions options)
    {
        if (options.Timeout is not { } timeout)
        {
            return WireTime.ToSeconds(options.Deadline) == 0 ? WireTime.ToSeconds(EnqueueOptions.DefaultTimeout) : 0;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero, nameof(EnqueueOptions.Timeout));

        // Not 0 for a fraction of a second: 0 means "no timeout", for which a worker uses 30 minutes.
        return timeout == TimeSpan.Zero ? 0 : Math.Max(WireTime.ToSeconds(timeout), 1);
    }

    private static string LockKey(string queue, QueueTask task, TimeSpan unique)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(unique, TimeSpan.FromSeconds(1), nameof(EnqueueOptions.UniqueFor));

        return UniqueKey.For(queue, task.Type, task.Payload);
    }

    private static void AddHeaders(TaskMessage message, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (key, value) in headers)
        {
            message.Headers[WellFormed(key, nameof(EnqueueOptions.Headers))] =
                WellFormed(value, nameof(EnqueueOptions.Headers));
        }
    }

    private static string NotBlank(string value, string option) => string.IsNullOrWhiteSpace(value)
        ? throw new ArgumentException($"{option} must contain more than white space.", option)
        : WellFormed(value, option);

    private static string WellFormed(string value, string option) => IsWellFormed(value)
        ? value
        : throw new ArgumentException($"{option} has a lone surrogate, which UTF-8 cannot carry.", option);

    private static bool IsWellFormed(string text)
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
