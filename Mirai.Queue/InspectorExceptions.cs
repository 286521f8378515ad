namespace Mirai.Queue;

/// <summary>There is no such queue: no task was ever put into it, or it was deleted.</summary>
/// <param name="queue">The queue.</param>
public sealed class QueueNotFoundException(string queue)
    : InvalidOperationException($"There is no queue '{queue}'.")
{
    /// <summary>The queue.</summary>
    public string Queue { get; } = queue;
}

/// <summary>A queue was not deleted, because it has tasks.</summary>
/// <param name="queue">The queue.</param>
/// <param name="hasActiveTasks">Whether some of the tasks are active.</param>
public sealed class QueueNotEmptyException(string queue, bool hasActiveTasks) : InvalidOperationException(
    hasActiveTasks
        ? $"Queue '{queue}' has active tasks and cannot be deleted."
        : $"Queue '{queue}' has tasks and is deleted only by force.")
{
    /// <summary>The queue.</summary>
    public string Queue { get; } = queue;

    /// <summary>Whether some of the tasks are active: such a queue cannot be deleted by force either.</summary>
    public bool HasActiveTasks { get; } = hasActiveTasks;
}

/// <summary>There is no such task (any more).</summary>
/// <param name="queue">The queue.</param>
/// <param name="taskId">The task's id.</param>
public sealed class TaskNotFoundException(string queue, string taskId)
    : InvalidOperationException($"Queue '{queue}' has no task {taskId}.")
{
    /// <summary>The queue.</summary>
    public string Queue { get; } = queue;

    /// <summary>The task's id.</summary>
    public string TaskId { get; } = taskId;
}

/// <summary>A task is in a state in which it cannot be changed as asked.</summary>
/// <param name="queue">The queue.</param>
/// <param name="taskId">The task's id.</param>
/// <param name="state">The state of the task.</param>
/// <param name="change">The refused change as a participle, for instance <c>archived</c>.</param>
public sealed class TaskStateException(string queue, string taskId, TaskState state, string change)
    : InvalidOperationException(
        $"Task {taskId} of queue '{queue}' is {state.ToString().ToLowerInvariant()} and cannot be {change} now.")
{
    /// <summary>The queue.</summary>
    public string Queue { get; } = queue;

    /// <summary>The task's id.</summary>
    public string TaskId { get; } = taskId;

    /// <summary>The state that forbids the change.</summary>
    public TaskState State { get; } = state;
}
