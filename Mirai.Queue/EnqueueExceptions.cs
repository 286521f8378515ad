namespace Mirai.Queue;

/// <summary>A task is not enqueued, because an equal task (same queue, type and payload) holds the uniqueness
/// lock.</summary>
public sealed class DuplicateTaskException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="queue">The queue of both tasks.</param>
    /// <param name="taskId">The id of the task that was refused.</param>
    /// <param name="existingTaskId">The id of the task that holds the lock, if it is known.</param>
    public DuplicateTaskException(string queue, string taskId, string? existingTaskId = null)
        : base(existingTaskId is null
            ? $"Task {taskId} is not enqueued: an equal task holds the uniqueness lock of queue '{queue}'."
            : $"Task {taskId} is not enqueued: task {existingTaskId} of queue '{queue}' is equal and holds the " +
                "uniqueness lock.")
    {
        Queue = queue;
        TaskId = taskId;
        ExistingTaskId = existingTaskId;
    }

    /// <summary>The queue of both tasks.</summary>
    public string Queue { get; }

    /// <summary>The id of the task that was refused.</summary>
    public string TaskId { get; }

    /// <summary>The id of the task that holds the lock; <see langword="null"/> when the lock expired
    /// meanwhile.</summary>
    public string? ExistingTaskId { get; }
}

/// <summary>A task is not enqueued, because its id belongs to another task of the same queue. Tasks in every state
/// count, archived and retained tasks too.</summary>
public sealed class TaskIdConflictException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="taskId">The id of both tasks.</param>
    public TaskIdConflictException(string queue, string taskId)
        : base($"Queue '{queue}' already has a task with the id {taskId}.")
    {
        Queue = queue;
        TaskId = taskId;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>The id of both tasks; the existing task is found under this id.</summary>
    public string TaskId { get; }
}
