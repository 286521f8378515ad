namespace Mirai.Platform.Generation;

/// <summary>A course, or the lessons of one, that is to be made.</summary>
public sealed record GenerationJob
{
    /// <summary>The id; later jobs have greater ids (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>What is made.</summary>
    public required GenerationKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required GenerationState State { get; init; }

    /// <summary>The course; that of an outline exists once the job has succeeded.</summary>
    public required Guid CourseId { get; init; }

    /// <summary>What it is made from.</summary>
    public required IReadOnlyList<Guid> Documents { get; init; }

    /// <summary>How far it is, from 0 to 100.</summary>
    public int Percent { get; init; }

    /// <summary>What is being done, in words for people.</summary>
    public string? Step { get; init; }

    /// <summary>What makes it: <c>extractive</c>, or <c>model:</c> and the name of the model; none before it
    /// began.</summary>
    public string? Generator { get; init; }

    /// <summary>Why it failed.</summary>
    public string? FailureReason { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker first began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it succeeded, failed or was cancelled.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
