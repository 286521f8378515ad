using System.Text.Json;

namespace Mirai.Cache.Entries;

/// <summary>Takes an entry apart: <c>{"data": …, "etag": "W/\"…\"", "timestamp": &lt;Unix ms&gt;, "version": 1}</c>.
/// Members may come in any order; of unknown ones nothing is expected.</summary>
internal ref struct EntryReader
{
    private Utf8JsonReader json;
    private EntryFields fields = new() { Tags = [], Timestamp = -1 };
    private bool hasData;
    private bool hasETag;
    private long version = -1;

    private EntryReader(ReadOnlySpan<byte> entry) => json = new Utf8JsonReader(entry);

    /// <summary>Reads an entry. The data are only skipped: who reads them finds out what they are worth.</summary>
    public static EntryFlaw Read(ReadOnlySpan<byte> entry, out EntryFields fields)
    {
        var reader = new EntryReader(entry);
        try
        {
            var complete = reader.ReadMembers();
            fields = reader.fields;
            return reader.version > EntryWriter.Version ? EntryFlaw.NewerVersion
                : complete ? EntryFlaw.None
                : EntryFlaw.Damaged;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, a member of another type, or text that is not UTF-8. A later version may look any way it likes.
            fields = default;
            return reader.version > EntryWriter.Version ? EntryFlaw.NewerVersion : EntryFlaw.Damaged;
        }
    }

    private bool ReadMembers()
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember();
        }

        // Read once more: what follows the object must be nothing.
        return !json.Read() && hasData && hasETag && fields.Timestamp >= 0 && version == EntryWriter.Version;
    }

    private void ReadMember()
    {
        if (json.ValueTextEquals("data"u8))
        {
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            fields.Data = start..(int)json.BytesConsumed;
            hasData = true;
        }
        else if (json.ValueTextEquals("etag"u8))
        {
            json.Read();
            hasETag = CacheETag.TryParse(json.GetString(), out fields.ETag);
        }
        else if (json.ValueTextEquals("timestamp"u8))
        {
            json.Read();
            fields.Timestamp = json.GetInt64();
        }
        else if (json.ValueTextEquals("version"u8))
        {
            json.Read();
            version = json.GetInt64();
        }
        else if (json.ValueTextEquals("freshUntil"u8))
        {
            json.Read();
            fields.FreshUntil = json.GetInt64();
        }
        else if (json.ValueTextEquals("tags"u8))
        {
            json.Read();
            ReadTags();
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadTags()
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            // Somebody else's member of that name.
            json.Skip();
            return;
        }

        var tags = new List<TagMark>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var tag = json.GetString()!;
            json.Read();
            tags.Add(new TagMark(tag, json.GetString() ?? ""));
        }

        fields.Tags = [.. tags];
    }
}
