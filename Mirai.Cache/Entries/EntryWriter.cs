using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mirai.Cache.Entries;

/// <summary>Writes an entry. The two members that only Mirai writes come first, so that the entry ends with those of
/// the contract: there a script finds the ETag without reading the data.</summary>
internal static class EntryWriter
{
    public const int Version = 1;

    private const int HashBytes = 8;

    // Entries are not HTML: letters of any language, and the quotes in an ETag, need no escapes.
    private static readonly JsonWriterOptions Format = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    public static EncodedEntry Write<T>(
        T value, JsonTypeInfo<T> type, long timestamp, long? freshUntil = null, TagMark[]? tags = null)
    {
        var buffer = scratch ?? new ArrayBufferWriter<byte>(1024);
        scratch = null; // A converter may itself write an entry on this thread.
        using var json = new Utf8JsonWriter(buffer, Format);
        json.WriteStartObject();
        WriteOptional(json, freshUntil, tags ?? []);
        json.WritePropertyName("data"u8);
        json.Flush();
        var start = buffer.WrittenCount;
        JsonSerializer.Serialize(json, value, type);
        json.Flush();

        var etag = Stamp(buffer.WrittenSpan[start..], timestamp);
        json.WriteString("etag"u8, etag.ToString());
        json.WriteNumber("timestamp"u8, timestamp);
        json.WriteNumber("version"u8, Version);
        json.WriteEndObject();
        json.Flush();

        var bytes = buffer.WrittenSpan.ToArray();
        KeepForNextEntry(buffer);
        return new EncodedEntry(bytes, etag);
    }

    /// <summary>The ETag of raw data that are written at a time (Unix ms).</summary>
    public static CacheETag Stamp(ReadOnlySpan<byte> data, long timestamp)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        var opaque = string.Create(
            CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash[..HashBytes])}-{timestamp}");

        return new CacheETag(opaque, isWeak: true);
    }

    private static void WriteOptional(Utf8JsonWriter json, long? freshUntil, TagMark[] tags)
    {
        if (freshUntil is { } until)
        {
            json.WriteNumber("freshUntil"u8, until);
        }

        if (tags.Length > 0)
        {
            json.WriteStartObject("tags"u8);
            foreach (var (tag, mark) in tags)
            {
                json.WriteString(tag, mark);
            }

            json.WriteEndObject();
        }
    }

    private static void KeepForNextEntry(ArrayBufferWriter<byte> buffer)
    {
        const int Largest = 1 << 20; // One large entry must not occupy memory for ever.
        if (buffer.Capacity <= Largest)
        {
            buffer.ResetWrittenCount();
            scratch = buffer;
        }
    }
}

/// <summary>An entry as Redis stores it.</summary>
/// <param name="Bytes">The JSON.</param>
/// <param name="ETag">The version.</param>
internal readonly record struct EncodedEntry(byte[] Bytes, CacheETag ETag);
