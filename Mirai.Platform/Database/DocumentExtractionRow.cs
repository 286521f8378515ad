using Mirai.Platform.Documents;

namespace Mirai.Platform.Database;

/// <summary>What was read from a document, in one row: it is written, replaced and read as a whole.</summary>
internal sealed class DocumentExtractionRow
{
    public required Guid DocumentId { get; init; }

    public required string? Title { get; init; }

    public required int Words { get; init; }

    public required List<string> KeyTerms { get; init; }

    public required List<DocumentSection> Sections { get; init; }

    public int? Pages { get; init; }

    public required List<DocumentChunk> Chunks { get; init; }

    public required string Text { get; init; }
}
