namespace Mirai.Platform.Generation;

/// <summary>A job that generates a course, or the lessons of a course.</summary>
public sealed record GenerationJob
{
    /// <summary>The id; later jobs have greater ids (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Whether the job plans a course or writes lessons.</summary>
    public required GenerationKind Kind { get; init; }

    /// <summary>The state of the job.</summary>
    public required GenerationState State { get; init; }

    /// <summary>The course. The course of an outline exists once the job has succeeded.</summary>
    public required Guid CourseId { get; init; }

    /// <summary>The documents that the course is made from.</summary>
    public required IReadOnlyList<Guid> Documents { get; init; }

    /// <summary>The progress from 0 to 100.</summary>
    public int Percent { get; init; }

    /// <summary>What the worker does now, in words for people.</summary>
    public string? Step { get; init; }

    /// <summary>The generator: <c>extractive</c>, or <c>model:</c> and the name of the model; <see langword="null"/>
    /// before a worker has started the job.</summary>
    public string? Generator { get; init; }

    /// <summary>Why the job failed.</summary>
    public string? FailureReason { get; init; }

    /// <summary>When the job was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker first started the job.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the job succeeded, failed or was cancelled.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>What a job generates.</summary>
public enum GenerationKind
{
    /// <summary>A course with planned lessons.</summary>
    Outline = 0,

    /// <summary>The texts of the planned lessons of a course.</summary>
    Lessons = 1,
}

/// <summary>The state of a job.</summary>
public enum GenerationState
{
    /// <summary>The job waits for its documents to be read, and for the poll.</summary>
    Queued = 0,

    /// <summary>The task of the job is in the queue.</summary>
    Enqueued = 1,

    /// <summary>A worker runs the job, or did until the worker died.</summary>
    Running = 2,

    /// <summary>The job is done.</summary>
    Succeeded = 3,

    /// <summary>The job could not be done; <see cref="GenerationJob.FailureReason"/> says why.</summary>
    Failed = 4,

    /// <summary>A person cancelled the job.</summary>
    Cancelled = 5,
}
