using System.Text.Json;
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
        var payload = new PayloadReader(Payload, PayloadBase64, maxBytes).Read(errors);
        if (payload is null)
        {
            errors.Add("payload", "either payload or payloadBase64 is required");
        }

        errors.ThrowIfAny();
        return payload!.Value;
    }
}
