using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Turns a request into a task, or says everything that is wrong with it.</summary>
internal sealed class EnqueueTaskReader(EnqueueTaskRequest request, int maxPayloadBytes)
{
    private readonly FieldErrors errors = new();

    /// <summary>Reads the task.</summary>
    /// <exception cref="InvalidRequestException">Fields are wrong, or the payload is too large.</exception>
    public QueueTask Read()
    {
        var payload = ReadPayload();
        var options = ReadOptions();
        var type = FieldValues.Name("type", request.Type, errors, alsoSlash: true);
        if (request.Type is null)
        {
            errors.Add("type", "is required");
        }

        errors.ThrowIfAny();
        return new QueueTask(type!, payload, options);
    }

    private ReadOnlyMemory<byte>? ReadPayload()
    {
        if (request.PayloadBase64 is null)
        {
            // No payload and an empty one take different uniqueness locks; a null array would become an empty one.
            return request.Payload.ValueKind == JsonValueKind.Undefined
                ? default(ReadOnlyMemory<byte>?)
                : ReadJson(request.Payload);
        }

        if (request.Payload.ValueKind != JsonValueKind.Undefined)
        {
            errors.Add("payloadBase64", "payload and payloadBase64 exclude each other");
        }

        return ReadBase64(request.PayloadBase64);
    }

    // What the handler gets is what was sent, white space and order of members included.
    private byte[] ReadJson(JsonElement json)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        if (!Utf8.IsValid(bytes))
        {
            errors.Add("payload", "must be in UTF-8");
        }

        CheckSize("payload", bytes.Length);
        return bytes.ToArray();
    }

    private byte[]? ReadBase64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            errors.Add("payloadBase64", "must be base64");
            return null;
        }

        CheckSize("payloadBase64", length);
        return bytes[..length];
    }

    private void CheckSize(string field, int bytes)
    {
        if (bytes > maxPayloadBytes)
        {
            throw new InvalidRequestException(
                field,
                $"must have at most {maxPayloadBytes} bytes, and has {bytes}",
                StatusCodes.Status413PayloadTooLarge);
        }
    }

    private EnqueueOptions ReadOptions()
    {
        if (request is { ProcessAt: not null, ProcessIn: not null })
        {
            errors.Add("processIn", "processAt and processIn exclude each other");
        }

        if (request.MaxRetry < 0)
        {
            errors.Add("maxRetry", "must be 0 or more");
        }

        return new EnqueueOptions
        {
            Queue = FieldValues.Name("queue", request.Queue, errors),
            MaxRetry = request.MaxRetry,
            Timeout = FieldValues.Duration("timeout", request.Timeout, TimeSpan.Zero, errors),
            Deadline = FieldValues.Time("deadline", request.Deadline, errors),
            ProcessAt = FieldValues.Time("processAt", request.ProcessAt, errors),
            ProcessIn = FieldValues.Duration("processIn", request.ProcessIn, TimeSpan.Zero, errors),
            UniqueFor = FieldValues.Duration("uniqueFor", request.UniqueFor, TimeSpan.FromSeconds(1), errors),
            TaskId = FieldValues.Name("taskId", request.TaskId, errors),
            Retention = FieldValues.Duration("retention", request.Retention, TimeSpan.Zero, errors),
            Group = FieldValues.Name("group", request.Group, errors),
            Headers = ReadHeaders(),
        };
    }

    private Dictionary<string, string>? ReadHeaders()
    {
        foreach (var (name, value) in request.Headers ?? [])
        {
            if (value is null)
            {
                errors.Add($"headers.{name}", "must be text");
            }
        }

        return request.Headers?.ToDictionary(header => header.Key, header => header.Value ?? "");
    }
}
