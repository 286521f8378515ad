using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Mirai.Api.Tasks;

/// <summary>Passes on bytes that are JSON already.</summary>
internal sealed class RawJsonConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    /// <summary>Whether the bytes are one JSON value, so that they can stand in an answer.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
                // Only its end matters.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override ReadOnlyMemory<byte> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Raw JSON can be written, but not read.");

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Span, skipInputValidation: true);
}
