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

/// <summary>What is made.</summary>
public enum GenerationKind
{
    /// <summary>A course with its lessons planned.</summary>
    Outline = 0,

    /// <summary>The texts of a course's planned lessons.</summary>
    Lessons = 1,
}

/// <summary>Where a job stands.</summary>
public enum GenerationState
{
    /// <summary>It waits: for its documents to be read, and for the poll.</summary>
    Queued = 0,

    /// <summary>Its task is in the queue.</summary>
    Enqueued = 1,

    /// <summary>A worker is at it, or was until it died.</summary>
    Running = 2,

    /// <summary>It is done.</summary>
    Succeeded = 3,

    /// <summary>It will not be done; the reason is with it.</summary>
    Failed = 4,

    /// <summary>Nobody wants it any more.</summary>
    Cancelled = 5,
}
