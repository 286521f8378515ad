using Mirai.Platform.Documents;

namespace Mirai.Platform.Database;

/// <summary>A document as the database keeps it. The content comes last: SQLite reads a row from the front.</summary>
internal sealed class DocumentRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string MediaType { get; init; }

    public required DocumentState State { get; set; }

    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public required byte[] Content { get; init; }

    public DocumentExtractionRow? Extraction { get; init; }
}
