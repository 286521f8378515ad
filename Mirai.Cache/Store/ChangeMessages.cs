using System.Globalization;

namespace Mirai.Cache.Store;

/// <summary>The messages by which caches report changes to each other: <c>&lt;sender&gt; &lt;kind&gt;
/// &lt;text&gt;</c>.</summary>
internal sealed class ChangeMessages
{
    private const char EntryKind = 'e';
    private const char PatternKind = 'p';
    private const char TagKind = 't';
    private const char HelloKind = 'h';

    private readonly string sender = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);

    public string Entry(string name) => $"{sender} {EntryKind} {name}";

    public string Pattern(CachePattern pattern) => $"{sender} {PatternKind} {pattern.Text}";

    public string Tag(string tag) => $"{sender} {TagKind} {tag}";

    /// <summary>A message to this cache itself: its arrival shows that the subscription works.</summary>
    public string Hello() => $"{sender} {HelloKind} ";

    /// <summary>Reads a message.</summary>
    /// <param name="message">The text from the channel.</param>
    /// <param name="isHello">Whether it is the hello of this cache.</param>
    /// <returns>The change that another cache made; <see langword="null"/> for this cache's own messages, and for
    /// messages of an unknown form.</returns>
    public Invalidation? Read(string? message, out bool isHello)
    {
        isHello = message == Hello();
        var parts = (message ?? "").Split(' ', 3);
        if (parts is not [var from, [var kind], { Length: > 0 } text] || from == sender)
        {
            return null;
        }

        return kind switch
        {
            EntryKind => Invalidation.OfEntry(text),
            PatternKind => Invalidation.OfPattern(CachePattern.Unchecked(text)),
            TagKind => Invalidation.OfTag(text),
            _ => null,
        };
    }
}
