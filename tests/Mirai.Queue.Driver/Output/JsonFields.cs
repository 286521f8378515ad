using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Mirai.Queue.Driver.Output;

/// <summary>Values as the contract of the driver writes them.</summary>
internal static class JsonFields
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Go's RFC 3339 with fractions, in UTC, without trailing zeros; <c>null</c> for "none".</summary>
    public static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Adds <c>name_base64</c>, and <c>name</c> when the bytes are text.</summary>
    public static void AddBytes(JsonObject json, string name, ReadOnlyMemory<byte>? bytes)
    {
        var value = bytes.GetValueOrDefault().Span;
        if (TryText(value) is { } text)
        {
            json[name] = text;
        }

        json[name + "_base64"] = Convert.ToBase64String(value);
    }

    /// <summary>Adds <c>headers</c> when there are any.</summary>
    public static void AddHeaders(JsonObject json, IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > 0)
        {
            json["headers"] = new JsonObject(
                headers.OrderBy(header => header.Key, StringComparer.Ordinal)
                    .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value)));
        }
    }

    /// <summary>The text, or <see langword="null"/> when the bytes are not UTF-8.</summary>
    public static string? TryText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
