namespace Mirai.Queue;

/// <summary>The queue is not deleted, because it has tasks.</summary>
public sealed class QueueNotEmptyException : InvalidOperationException
{
    internal QueueNotEmptyException(string queue, bool hasActiveTasks)
        : base(hasActiveTasks
            ? $"Queue '{queue}' has active tasks and cannot be deleted."
            : $"Queue '{queue}' has tasks and is not deleted unless that is forced.")
    {
        Queue = queue;
        HasActiveTasks = hasActiveTasks;
    }

    /// <summary>The queue.</summary>
    public string Queue { get; }

    /// <summary>Some of its tasks run: it cannot be deleted by force either.</summary>
    public bool HasActiveTasks { get; }
}
