using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Mirai.Api.Requests;

namespace Mirai.Api.Tasks;

/// <summary>Reads a payload, which is sent as JSON or as any bytes.</summary>
internal sealed class PayloadReader(JsonElement json, string? base64, int maxBytes)
{
    /// <summary>Reads the payload.</summary>
    /// <exception cref="InvalidRequestException">It is too large.</exception>
    public ReadOnlyMemory<byte>? Read(FieldErrors errors)
    {
        if (base64 is null)
        {
            // No payload and an empty one take different uniqueness locks; a null array would become an empty one.
            return json.ValueKind == JsonValueKind.Undefined
                ? default(ReadOnlyMemory<byte>?)
                : ReadJson(errors);
        }

        if (json.ValueKind != JsonValueKind.Undefined)
        {
            errors.Add("payloadBase64", "payload and payloadBase64 exclude each other");
        }

        return ReadBase64(base64, errors);
    }

    // What the handler gets is what was sent, white space and order of members included.
    private byte[] ReadJson(FieldErrors errors)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        if (!Utf8.IsValid(bytes))
        {
            errors.Add("payload", "must be in UTF-8");
        }

        CheckSize("payload", bytes.Length);
        return bytes.ToArray();
    }

    private byte[]? ReadBase64(string text, FieldErrors errors)
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
        if (bytes > maxBytes)
        {
            throw new InvalidRequestException(
                field,
                $"must have at most {maxBytes} bytes, and has {bytes}",
                StatusCodes.Status413PayloadTooLarge);
        }
    }
}
