namespace Mirai.Platform.Documents;

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
