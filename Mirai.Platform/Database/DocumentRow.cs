using Mirai.Platform.Documents;

namespace Mirai.Platform.Database;

/// <summary>A document as the database keeps it. The content comes last: SQLite reads a row from the front.</summary>
internal sealed class DocumentRow : IClaimable
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string MediaType { get; init; }

    public required DocumentState State { get; set; }

    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How much of it is read, from 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>The task that is to read it.</summary>
    public required Guid TaskId { get; set; }

    /// <summary>How many tasks it has had.</summary>
    public int Tasks { get; set; } = 1;

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    public required byte[] Content { get; init; }

    public DocumentExtractionRow? Extraction { get; init; }
}
