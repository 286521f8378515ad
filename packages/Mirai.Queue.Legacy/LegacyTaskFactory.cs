using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Mirai.Queue.Client;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

/// <summary>Turns a task and its options into what the legacy layout stores, and refuses what that cannot
/// carry.</summary>
internal sealed class LegacyTaskFactory : ITaskFactory
{
    /// <summary>What error messages call this layout.</summary>
    public const string Layout = $"{nameof(RedisLayout)}.{nameof(RedisLayout.Legacy)}";

    public NewTask Create(QueueTask task, EnqueueOptions options, DateTimeOffset now)
    {
        Check(options);
        var payload = PayloadText(task.Payload);
        var queue = (options.Queue ?? EnqueueOptions.DefaultQueue).ToLowerInvariant();
        var message = TaskMessageConverter.ToMessage(task, options with { Queue = queue });
        message.Payload = payload is null ? ByteString.Empty : ByteString.CopyFromUtf8(payload);
        message.UniqueKey = options.UniqueFor is null ? "" : LegacyUniqueKey.For(queue, task.Type, payload);

        // A Go worker of this layout breaks off when it takes a task with neither; elsewhere both mean the default.
        if (message.Timeout == 0 && message.Deadline == 0)
        {
            message.Timeout = WireTime.ToSeconds(EnqueueOptions.DefaultTimeout);
        }

        var processAt = NewTaskFactory.DueTime(options, now);
        return new NewTask(
            message, options.TaskId is not null, processAt, NewTaskFactory.LockLifetime(options, processAt, now),
            LegacyMessage.From(message).Encode());
    }

    private static void Check(EnqueueOptions options)
    {
        if (options.TaskId is { } id && !(Guid.TryParseExact(id, "D", out var parsed) && parsed.ToString() == id))
        {
            throw Refused(nameof(EnqueueOptions.TaskId), "whose task ids are UUIDs (lower-case, with hyphens)");
        }

        if (options.Retention > TimeSpan.Zero)
        {
            throw Refused(nameof(EnqueueOptions.Retention), "which keeps no task after success");
        }

        if (options.Group is not null)
        {
            throw Refused(nameof(EnqueueOptions.Group), "which has no groups");
        }

        if (options.Headers is { Count: > 0 })
        {
            throw Refused(nameof(EnqueueOptions.Headers), "whose tasks have no headers");
        }
    }

    /// <summary>A payload as it is stored: Go reads it into a map, and writes it anew when the task ends, so it must
    /// be what Go would write.</summary>
    /// <exception cref="LayoutNotSupportedException">It is no JSON object.</exception>
    public static string? PayloadText(ReadOnlyMemory<byte>? payload)
    {
        if (payload is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                bytes, new JsonDocumentOptions { MaxDepth = GoJson.MostNested - 1 });
            var text = new StringBuilder();
            GoJson.Append(text, document.RootElement);

            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => text.ToString(),
                JsonValueKind.Null => null,
                _ => throw Refused(nameof(QueueTask.Payload), "whose payloads are JSON objects"),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refused(nameof(QueueTask.Payload), $"whose payloads are JSON objects: {exception.Message}");
        }
    }

    /// <summary>What is thrown for an option that the layout cannot carry.</summary>
    public static LayoutNotSupportedException Refused(string option, string reason, string? parameter = null) =>
        new($"{option} cannot be used with {Layout}, {reason}.", parameter ?? option);
}
