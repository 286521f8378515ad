namespace Mirai.Queue;

/// <summary>An equal task (same queue, type and payload) holds the uniqueness lock.</summary>
public sealed class DuplicateTaskException : InvalidOperationException
{
    internal DuplicateTaskException(string queue, string taskId, string? existingTaskId)
        : base(existingTaskId is null
            ? $"Task {taskId} is not enqueued: an equal task holds the uniqueness lock of queue '{queue}'."
            : $"Task {taskId} is not enqueued: task {existingTaskId} of queue '{queue}' is equal and holds the " +
                "uniqueness lock.")
    {
        Queue = queue;
        TaskId = taskId;
        ExistingTaskId = existingTaskId;
    }

    /// <summary>The queue both tasks belong to.</summary>
    public string Queue { get; }

    /// <summary>The id of the task that was refused.</summary>
    public string TaskId { get; }

    /// <summary>The id of the task in the way; <see langword="null"/> when its lock ran out meanwhile.</summary>
    public string? ExistingTaskId { get; }
}
