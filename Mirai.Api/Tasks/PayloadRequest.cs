using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Mirai.Api.Requests;

namespace Mirai.Api.Tasks;

/// <summary>Body of <c>PUT /api/tasks/{queue}/{id}/payload</c>: one of the two.</summary>
internal sealed record PayloadRequest
{
    /// <summary>The payload as JSON, passed on byte by byte.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>The payload as any bytes.</summary>
    public string? PayloadBase64 { get; init; }

    /// <exception cref="InvalidRequestException">It has no payload, or one that is too large.</exception>
    public ReadOnlyMemory<byte> Read(int maxBytes)
    {
        var errors = new FieldErrors();
        var payload = PayloadFields.Read(Payload, PayloadBase64, maxBytes, errors);
        if (payload is null)
        {
            errors.Add("payload", "either payload or payloadBase64 is required");
        }

        errors.ThrowIfAny();
        return payload!.Value;
    }
}

/// <summary>Reads a payload, which a body holds as JSON (<c>payload</c>) or as any bytes
/// (<c>payloadBase64</c>).</summary>
internal static class PayloadFields
{
    /// <summary>Reads the payload.</summary>
    /// <param name="json">The payload as JSON.</param>
    /// <param name="base64">The payload as any bytes.</param>
    /// <param name="maxBytes">The largest payload.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <exception cref="InvalidRequestException">The payload is too large.</exception>
    public static ReadOnlyMemory<byte>? Read(JsonElement json, string? base64, int maxBytes, FieldErrors errors)
    {
        if (base64 is null)
        {
            // No payload and an empty one take different uniqueness locks; a null array would become an empty one.
            return json.ValueKind == JsonValueKind.Undefined
                ? default(ReadOnlyMemory<byte>?)
                : ReadJson(json, maxBytes, errors);
        }

        if (json.ValueKind != JsonValueKind.Undefined)
        {
            errors.Add("payloadBase64", "payload and payloadBase64 exclude each other");
        }

        return ReadBase64(base64, maxBytes, errors);
    }

    // The handler gets the bytes that were sent, with their white space and the order of their members.
    private static byte[] ReadJson(JsonElement json, int maxBytes, FieldErrors errors)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        if (!Utf8.IsValid(bytes))
        {
            errors.Add("payload", "must be in UTF-8");
        }

        CheckSize("payload", bytes.Length, maxBytes);
        return bytes.ToArray();
    }

    private static byte[]? ReadBase64(string text, int maxBytes, FieldErrors errors)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            errors.Add("payloadBase64", "must be base64");
            return null;
        }

        CheckSize("payloadBase64", length, maxBytes);
        return bytes[..length];
    }

    private static void CheckSize(string field, int bytes, int maxBytes)
    {
        if (bytes > maxBytes)
        {
            throw new InvalidRequestException(
                field,
                $"must have at most {maxBytes} bytes, and has {bytes}",
                StatusCodes.Status413PayloadTooLarge);
        }
    }
}
