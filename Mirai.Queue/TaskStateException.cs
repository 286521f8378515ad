using Mirai.Queue.Wire;

namespace Mirai.Queue;

/// <summary>The task is in a state in which that cannot be done.</summary>
public sealed class TaskStateException : InvalidOperationException
{
    internal TaskStateException(string queue, string taskId, TaskState state, string action)
        : base($"Task {taskId} of queue '{queue}' is {TaskStateWord.Of(state)} and cannot be {action} now.")
    {
        Queue = queue;
        TaskId = taskId;
        State = state;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>The task.</summary>
    public string TaskId { get; }

    /// <summary>The state that forbids it.</summary>
    public TaskState State { get; }
}
