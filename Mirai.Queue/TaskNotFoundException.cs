namespace Mirai.Queue;

/// <summary>There is no such task (any more).</summary>
public sealed class TaskNotFoundException : InvalidOperationException
{
    internal TaskNotFoundException(string queue, string taskId)
        : base($"Queue '{queue}' has no task {taskId}.")
    {
        Queue = queue;
        TaskId = taskId;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>The id.</summary>
    public string TaskId { get; }
}
