namespace Mirai.Platform.Documents;

/// <summary>What a document says.</summary>
/// <param name="Title">The document's own title: that of an HTML page, else the first heading of the highest level; at
/// most <see cref="MaxTitleLength"/> characters. <see langword="null"/> when it names none.</param>
/// <param name="Text">The whole text: headings and sections in order, one blank line between them.</param>
/// <param name="Words">The number of words; the sum over the sections.</param>
/// <param name="KeyTerms">Up to ten words it uses most, lower case, the most frequent first; of equally frequent ones,
/// the one that appears first.</param>
/// <param name="Sections">Its parts in order, at least one. What precedes the first heading is a section without
/// one.</param>
public sealed record DocumentExtraction(
    string? Title, string Text, int Words, IReadOnlyList<string> KeyTerms, IReadOnlyList<DocumentSection> Sections)
{
    /// <summary>The longest title, in UTF-16 code units; a longer one is cut.</summary>
    public const int MaxTitleLength = 300;

    /// <summary>The most sections: further headings are lines of the last one, so that no text is lost.</summary>
    public const int MaxSections = 1_000;

    /// <summary>The longest text, in UTF-16 code units; a document with more cannot be read.</summary>
    public const int MaxTextLength = 8 * 1024 * 1024;

    /// <summary>The number of pages; <see langword="null"/> where the format has none.</summary>
    public int? Pages { get; init; }

    /// <summary>Pieces of the text in order, each with its position. Headings are in no chunk.</summary>
    public IReadOnlyList<DocumentChunk> Chunks { get; init; } = [];

    /// <summary>What a chunk says.</summary>
    /// <param name="chunk">One of <see cref="Chunks"/>.</param>
    /// <returns>Its text.</returns>
    public string TextOf(DocumentChunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        return Text.Substring(chunk.Offset, chunk.Length);
    }
}
