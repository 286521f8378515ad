namespace Mirai.Cache.Library;

/// <summary>A piece of a document that a lesson comes from.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Chunk">The number of the piece in its document, from 0.</param>
public sealed record LessonSource(string DocumentId, int Chunk)
{
    /// <summary>The heading above it, if any.</summary>
    public string? Heading { get; init; }

    /// <summary>Its page, from 1, where the document has pages.</summary>
    public int? Page { get; init; }
}
