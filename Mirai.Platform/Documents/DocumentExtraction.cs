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

/// <summary>A heading and what follows it, up to the next heading of any level.</summary>
/// <param name="Heading">The heading; <see langword="null"/> for what precedes the first one.</param>
/// <param name="Level">1 for the highest heading to 6; 0 without a heading.</param>
/// <param name="Text">What follows: one line for each paragraph, list item and table row; code keeps its
/// lines.</param>
/// <param name="Words">The number of words in heading and text.</param>
public sealed record DocumentSection(string? Heading, int Level, string Text, int Words)
{
    /// <summary>The page it begins on, from 1; <see langword="null"/> where the format has none.</summary>
    public int? Page { get; init; }
}

/// <summary>A piece of a document's text, small enough to be quoted and to be given to a model, and where it
/// stands.</summary>
/// <param name="Index">Its number in the document, from 0.</param>
/// <param name="Section">The section it belongs to, from 0; no chunk reaches into the next one.</param>
/// <param name="Page">The page it begins on, from 1; <see langword="null"/> where the format has none.</param>
/// <param name="Offset">Where it begins in <see cref="DocumentExtraction.Text"/>, in UTF-16 code units.</param>
/// <param name="Length">How long it is, in UTF-16 code units; at most <see cref="MaxLength"/>.</param>
public sealed record DocumentChunk(int Index, int Section, int? Page, int Offset, int Length)
{
    /// <summary>The longest chunk, in UTF-16 code units.</summary>
    public const int MaxLength = 1_200;
}

/// <summary>A document cannot be read, and will not be by trying again. The message says why, in words for whoever
/// sent it.</summary>
public sealed class DocumentUnreadableException : Exception
{
    /// <summary>A document that cannot be read.</summary>
    /// <param name="message">Why.</param>
    /// <param name="innerException">The cause.</param>
    public DocumentUnreadableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
