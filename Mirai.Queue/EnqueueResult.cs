namespace Mirai.Queue;

/// <summary>The outcome of one task of <see cref="IQueueClient.EnqueueManyAsync"/>.</summary>
/// <param name="status">The outcome.</param>
/// <param name="taskId">The id of the task, stored or not; <see langword="null"/> when the task was not valid.</param>
/// <param name="task">The task as stored; <see langword="null"/> unless <see cref="EnqueueStatus.Enqueued"/>.</param>
/// <param name="error">Why the task was not stored: the exception that
/// <see cref="IQueueClient.EnqueueAsync(QueueTask, EnqueueOptions?, CancellationToken)"/> throws in that case.</param>
public sealed class EnqueueResult(EnqueueStatus status, string? taskId, TaskInfo? task, Exception? error)
{
    /// <summary>The outcome.</summary>
    public EnqueueStatus Status { get; } = status;

    /// <summary>The id of the task, stored or not; <see langword="null"/> when the task was not valid.</summary>
    public string? TaskId { get; } = taskId;

    /// <summary>The task as stored; <see langword="null"/> unless <see cref="EnqueueStatus.Enqueued"/>.</summary>
    public TaskInfo? Task { get; } = task;

    /// <summary>Why the task was not stored: the exception that
    /// <see cref="IQueueClient.EnqueueAsync(QueueTask, EnqueueOptions?, CancellationToken)"/> throws in that
    /// case.</summary>
    public Exception? Error { get; } = error;
}

/// <summary>The outcome of one task of a bulk enqueue.</summary>
public enum EnqueueStatus
{
    /// <summary>Stored.</summary>
    Enqueued,

    /// <summary>Not stored: an equal task holds the uniqueness lock.</summary>
    Duplicate,

    /// <summary>Not stored: the id belongs to another task of the queue.</summary>
    TaskIdConflict,

    /// <summary>Not sent: the task or its options are not valid.</summary>
    Invalid,

    /// <summary>Redis did not answer, or refused the command. The task may be stored. Enqueueing it again under the
    /// same <see cref="EnqueueResult.TaskId"/> cannot store it twice while it exists. A task under an id of the caller's
    /// choice is unknown too when a reply was lost and nothing has the id: it was not stored, or it has ended
    /// already.</summary>
    Unknown,
}
