namespace Mirai.Platform.Documents;

/// <summary>The text of a document and its structure.</summary>
/// <param name="Title">The document's own title: the title of an HTML page, else the first heading of the highest
/// level; at most <see cref="MaxTitleLength"/> characters. <see langword="null"/> when there is neither.</param>
/// <param name="Text">The whole text: headings and sections in order, one blank line between them.</param>
/// <param name="Words">The number of words; the sum over the sections.</param>
/// <param name="KeyTerms">Up to ten words that the document uses most, in lower case, the most frequent first; equally
/// frequent words in the order of their first use.</param>
/// <param name="Sections">The sections in order, at least one. Text before the first heading is a section without a
/// heading.</param>
public sealed record DocumentExtraction(
    string? Title, string Text, int Words, IReadOnlyList<string> KeyTerms, IReadOnlyList<DocumentSection> Sections)
{
    /// <summary>The longest title, in UTF-16 code units; a longer title is cut.</summary>
    public const int MaxTitleLength = 300;

    /// <summary>The most sections. Further headings become lines of the last section, so that no text is
    /// lost.</summary>
    public const int MaxSections = 1_000;

    /// <summary>The longest text, in UTF-16 code units; a document with more cannot be read.</summary>
    public const int MaxTextLength = 8 * 1024 * 1024;

    /// <summary>The number of pages; <see langword="null"/> in a format without pages.</summary>
    public int? Pages { get; init; }

    /// <summary>The pieces of the text in order, each with its position. No chunk contains a heading.</summary>
    public IReadOnlyList<DocumentChunk> Chunks { get; init; } = [];

    /// <summary>The text of a chunk.</summary>
    /// <param name="chunk">One of <see cref="Chunks"/>.</param>
    /// <returns>The text.</returns>
    public string TextOf(DocumentChunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        return Text.Substring(chunk.Offset, chunk.Length);
    }
}

/// <summary>A heading and the text that follows it, up to the next heading of any level.</summary>
/// <param name="Heading">The heading; <see langword="null"/> for the text before the first heading.</param>
/// <param name="Level">1 for the highest heading to 6; 0 without a heading.</param>
/// <param name="Text">The text: one line for each paragraph, list item and table row; code keeps its
/// lines.</param>
/// <param name="Words">The number of words in heading and text.</param>
public sealed record DocumentSection(string? Heading, int Level, string Text, int Words)
{
    /// <summary>The page on which the section begins, from 1; <see langword="null"/> in a format without
    /// pages.</summary>
    public int? Page { get; init; }
}

/// <summary>A piece of a document's text, small enough to quote and to send to a model, and its place.</summary>
/// <param name="Index">The number of the chunk in the document, from 0.</param>
/// <param name="Section">The section of the chunk, from 0. No chunk extends over two sections.</param>
/// <param name="Page">The page on which the chunk begins, from 1; <see langword="null"/> in a format without
/// pages.</param>
/// <param name="Offset">The start in <see cref="DocumentExtraction.Text"/>, in UTF-16 code units.</param>
/// <param name="Length">The length in UTF-16 code units; at most <see cref="MaxLength"/>.</param>
public sealed record DocumentChunk(int Index, int Section, int? Page, int Offset, int Length)
{
    /// <summary>The longest chunk, in UTF-16 code units.</summary>
    public const int MaxLength = 1_200;
}

/// <summary>A document cannot be read, and trying again does not help. The message says why, in words for the sender
/// of the document.</summary>
public sealed class DocumentUnreadableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why the document cannot be read.</param>
    /// <param name="innerException">The cause.</param>
    public DocumentUnreadableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
