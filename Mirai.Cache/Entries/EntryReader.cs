using System.Text.Json;

namespace Mirai.Cache.Entries;

/// <summary>Reads the members of an entry,
/// <c>{"data": …, "etag": "W/\"…\"", "timestamp": &lt;Unix ms&gt;, "version": 1}</c>. Members may come in any
/// order; unknown members are ignored.</summary>
internal ref struct EntryReader
{
    private Utf8JsonReader json;
    private EntryFields fields = new() { Tags = [], Timestamp = -1 };
    private bool hasData;
    private bool hasETag;
    private long version = -1;

    private EntryReader(ReadOnlySpan<byte> entry) => json = new Utf8JsonReader(entry);

    /// <summary>Reads the members of an entry. The data are only skipped: their deserialization checks them.</summary>
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
            // No JSON, a member of another type, or text that is not UTF-8. Of a later version, nothing but the number
            // is known.
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

        // Nothing may follow the object.
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
            // Another service uses the name for something else.
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

/// <summary>The members of an entry.</summary>
internal struct EntryFields
{
    /// <summary>Where the raw JSON of the data lies in the entry.</summary>
    public Range Data;

    public CacheETag ETag;

    /// <summary>When the entry was written (Unix ms).</summary>
    public long Timestamp;

    /// <summary>When the entry stops being fresh although Redis still has it (Unix ms); <see langword="null"/> when
    /// it is fresh as long as Redis has it, as entries of Go and TypeScript are.</summary>
    public long? FreshUntil;

    /// <summary>The tags with which the entry was written, if any.</summary>
    public TagMark[] Tags;
}

/// <summary>A tag of an entry.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Mark">The mark that the tag had before the data of the entry were read. Another mark now means that
/// the tag was invalidated since.</param>
internal readonly record struct TagMark(string Tag, string Mark);

/// <summary>Why a value in Redis is not an entry for its reader.</summary>
internal enum EntryFlaw
{
    None,

    /// <summary>The value is not the JSON that the contract describes.</summary>
    Damaged,

    /// <summary>The value has a later version of the contract.</summary>
    NewerVersion,
}
