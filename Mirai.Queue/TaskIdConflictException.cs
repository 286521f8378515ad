namespace Mirai.Queue;

/// <summary>The id belongs to another task of the same queue, in whatever state: archived and retained ones
/// count.</summary>
public sealed class TaskIdConflictException : InvalidOperationException
{
    internal TaskIdConflictException(string queue, string taskId)
        : base($"Queue '{queue}' already has a task with the id {taskId}.")
    {
        Queue = queue;
        TaskId = taskId;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>The id that both tasks want: the existing task is the one found under it.</summary>
    public string TaskId { get; }
}
