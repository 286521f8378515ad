namespace Mirai.Cache.Store;

/// <summary>States that what was cached until now must not be served any more: one entry, all entries whose key
/// matches a pattern, or all entries with a tag.</summary>
internal sealed record Invalidation
{
    private Invalidation(InvalidationKind kind, string text, CachePattern? pattern = null)
    {
        Kind = kind;
        Text = text;
        Pattern = pattern;
    }

    public InvalidationKind Kind { get; }

    /// <summary>The key, the pattern or the tag.</summary>
    public string Text { get; }

    public CachePattern? Pattern { get; }

    // Without the pattern, which is an object made of the text.
    public bool Equals(Invalidation? other) => other is not null && Kind == other.Kind && Text == other.Text;

    public override int GetHashCode() => HashCode.Combine(Kind, Text);

    public static Invalidation OfEntry(string name) => new(InvalidationKind.Entry, name);

    public static Invalidation OfPattern(CachePattern pattern) => new(InvalidationKind.Pattern, pattern.Text, pattern);

    public static Invalidation OfTag(string tag) => new(InvalidationKind.Tag, tag);

    /// <summary>Whether it covers an entry with this key and these tags.</summary>
    public bool Covers(string name, IReadOnlyList<string> tags) => Kind switch
    {
        InvalidationKind.Entry => Text == name,
        InvalidationKind.Pattern => Pattern!.Matches(name),
        _ => tags.Contains(Text),
    };
}

/// <summary>What an invalidation names.</summary>
internal enum InvalidationKind
{
    Entry,
    Pattern,
    Tag,
}
