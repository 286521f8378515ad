using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

/// <summary>Turns a task and its options into what the legacy layout stores, and refuses options that the layout
/// cannot carry.</summary>
internal static class LegacyTaskFactory
{
    /// <summary>The name of this layout in error messages.</summary>
    public const string Layout = $"{nameof(RedisLayout)}.{nameof(RedisLayout.Legacy)}";

    public static NewTask Create(QueueTask task, EnqueueOptions options, DateTimeOffset now)
    {
        EnqueueChecks.Check(task, options, now);
        Check(options);
        var payload = PayloadText(task.Payload);
        var queue = (options.Queue ?? EnqueueOptions.DefaultQueue).ToLowerInvariant();
        var message = TaskMessageConverter.ToMessage(task, options with { Queue = queue });
        message.Payload = payload is null ? ByteString.Empty : ByteString.CopyFromUtf8(payload);
        message.UniqueKey = options.UniqueFor is null ? "" : LegacyUniqueKey.For(queue, task.Type, payload);

        var processAt = WireTime.DueTime(options, now);
        return new NewTask(
            message, options.TaskId is not null, processAt, NewTask.LockTime(options, processAt, now),
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

    /// <summary>The text of a payload as it is stored. Go reads the payload into a map and writes the map again when
    /// the task ends, so the text must be the text that Go writes.</summary>
    /// <exception cref="LayoutNotSupportedException">The payload is no JSON object.</exception>
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

    /// <summary>The exception for an option that the layout cannot carry.</summary>
    public static LayoutNotSupportedException Refused(string option, string reason, string? parameter = null) =>
        new($"{option} cannot be used with {Layout}, {reason}.", parameter ?? option);
}
