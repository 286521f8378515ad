using Mirai.Platform.Generation;

namespace Mirai.Platform.Database;

/// <summary>A course, or the lessons of one, that is to be made.</summary>
internal sealed class GenerationJobRow : IClaimable
{
    public required Guid Id { get; init; }

    public required GenerationKind Kind { get; init; }

    public required GenerationState State { get; set; }

    /// <summary>The course that is made or written.</summary>
    public required Guid CourseId { get; init; }

    public required List<Guid> Documents { get; init; }

    public string? Title { get; init; }

    public string? Instructions { get; init; }

    public Guid? FolderId { get; init; }

    public required int MaxLessons { get; init; }

    public int Percent { get; set; }

    /// <summary>What is being done, in words for people.</summary>
    public string? Step { get; set; }

    public string? Generator { get; set; }

    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The task that is to do it, once there is one.</summary>
    public Guid? TaskId { get; set; }

    /// <summary>How many tasks it has had.</summary>
    public int Tasks { get; set; }

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }
}
