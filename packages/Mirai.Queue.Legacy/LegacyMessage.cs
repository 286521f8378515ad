using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

/// <summary>A task as the legacy layout stores it: one JSON object, whose text is the task's identity.</summary>
internal sealed record LegacyMessage
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = GoJson.MostNested };

    public required string Type { get; init; }

    /// <summary>The text of the payload object; <see langword="null"/> when there is none.</summary>
    public string? Payload { get; init; }

    public required Guid Id { get; init; }

    public required string Queue { get; init; }

    public long Retry { get; init; }

    public long Retried { get; init; }

    public string ErrorMsg { get; init; } = "";

    /// <summary>Seconds; 0: none.</summary>
    public long Timeout { get; init; }

    /// <summary>Unix seconds; 0: none.</summary>
    public long Deadline { get; init; }

    /// <summary>Name of the uniqueness lock; empty when there is none.</summary>
    public string UniqueKey { get; init; } = "";

    /// <summary>The message of a task that is about to be enqueued; its payload is JSON already.</summary>
    public static LegacyMessage From(TaskMessage message) => new()
    {
        Type = message.Type,
        Payload = message.Payload.IsEmpty ? null : message.Payload.ToStringUtf8(),
        Id = Guid.Parse(message.Id),
        Queue = message.Queue,
        Retry = message.Retry,
        Retried = message.Retried,
        ErrorMsg = message.ErrorMsg,
        Timeout = message.Timeout,
        Deadline = message.Deadline,
        UniqueKey = message.UniqueKey,
    };

    /// <summary>Reads what is stored.</summary>
    /// <returns><see langword="null"/> when Go could not read it either.</returns>
    public static LegacyMessage? Decode(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What Go's encoder writes.</summary>
    public byte[] Encode()
    {
        var json = new StringBuilder(256 + (Payload?.Length ?? 0)).Append("{\"Type\":");
        GoJson.Append(json, Type);
        json.Append(",\"Payload\":");
        AppendPayload(json);
        json.Append(CultureInfo.InvariantCulture, $",\"ID\":\"{Id:D}\",\"Queue\":");
        GoJson.Append(json, Queue);
        json.Append(CultureInfo.InvariantCulture, $",\"Retry\":{Retry},\"Retried\":{Retried},\"ErrorMsg\":");
        GoJson.Append(json, ErrorMsg);
        json.Append(CultureInfo.InvariantCulture, $",\"Timeout\":{Timeout},\"Deadline\":{Deadline},\"UniqueKey\":");
        GoJson.Append(json, UniqueKey);

        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }

    /// <summary>The same task as the rest of Mirai knows it. Numbers beyond 32 bits stand for "very many".</summary>
    public TaskMessage ToTaskMessage() => new()
    {
        Type = Type,
        Payload = Payload is null ? ByteString.Empty : ByteString.CopyFromUtf8(Payload),
        Id = Id.ToString(),
        Queue = Queue,
        Retry = (int)Math.Clamp(Retry, 0, int.MaxValue),
        Retried = (int)Math.Clamp(Retried, 0, int.MaxValue),
        ErrorMsg = ErrorMsg,
        Timeout = Timeout,
        Deadline = Deadline,
        UniqueKey = UniqueKey,
    };

    private static LegacyMessage? Read(JsonElement message)
    {
        if (!Guid.TryParse(Text(message, "ID"), out var id))
        {
            return null;
        }

        var payload = message.TryGetProperty(nameof(Payload), out var stored) ? stored : default;
        if (payload.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return null;
        }

        return new LegacyMessage
        {
            Type = Text(message, nameof(Type)),
            Payload = payload.ValueKind == JsonValueKind.Object ? payload.GetRawText() : null,
            Id = id,
            Queue = Text(message, nameof(Queue)),
            Retry = Number(message, nameof(Retry)),
            Retried = Number(message, nameof(Retried)),
            ErrorMsg = Text(message, nameof(ErrorMsg)),
            Timeout = Number(message, nameof(Timeout)),
            Deadline = Number(message, nameof(Deadline)),
            UniqueKey = Text(message, nameof(UniqueKey)),
        };
    }

    private static string Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString()! : "";

    private static long Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetInt64() : 0;

    // The payload may come from a message that somebody wrote otherwise than Go does. Half a surrogate pair has no
    // form in UTF-8; such a text stays as it was written, which only a Go worker could mind.
    private void AppendPayload(StringBuilder json)
    {
        if (Payload is null)
        {
            json.Append("null");
            return;
        }

        using var document = JsonDocument.Parse(Payload, Options);
        var before = json.Length;
        try
        {
            GoJson.Append(json, document.RootElement);
        }
        catch (InvalidOperationException)
        {
            json.Length = before;
            json.Append(Payload);
        }
    }
}
