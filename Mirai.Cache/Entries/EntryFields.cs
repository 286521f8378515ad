namespace Mirai.Cache.Entries;

/// <summary>An entry taken apart.</summary>
internal struct EntryFields
{
    /// <summary>Where the raw JSON of the data lies in the entry.</summary>
    public Range Data;

    public CacheETag ETag;

    /// <summary>When it was written (Unix ms).</summary>
    public long Timestamp;

    /// <summary>When it stops being fresh although it is still there (Unix ms); <see langword="null"/> when it is
    /// fresh while it is there, which is what Go and TypeScript write.</summary>
    public long? FreshUntil;

    /// <summary>The tags it was written under, if any.</summary>
    public TagMark[] Tags;
}
