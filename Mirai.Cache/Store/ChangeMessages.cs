using System.Globalization;

namespace Mirai.Cache.Store;

/// <summary>What caches tell each other: <c>&lt;sender&gt; &lt;kind&gt; &lt;text&gt;</c>.</summary>
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

    /// <summary>Said to oneself, to find out whether one hears.</summary>
    public string Hello() => $"{sender} {HelloKind} ";

    /// <summary>Understands a message.</summary>
    /// <param name="message">What came on the channel.</param>
    /// <param name="isHello">It is one's own hello.</param>
    /// <returns>What somebody else changed; <see langword="null"/> when nobody did, or it cannot be
    /// understood.</returns>
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
            PatternKind => Invalidation.OfPattern(CachePattern.AsTold(text)),
            TagKind => Invalidation.OfTag(text),
            _ => null,
        };
    }
}
