namespace Mirai.Queue;

/// <summary>What became of one task of a bulk enqueue.</summary>
public enum EnqueueStatus
{
    /// <summary>Stored.</summary>
    Enqueued,

    /// <summary>Not stored: an equal task holds the uniqueness lock.</summary>
    Duplicate,

    /// <summary>Not stored: its id belongs to another task of the queue.</summary>
    TaskIdConflict,

    /// <summary>Not sent: the task or its options are not valid.</summary>
    Invalid,

    /// <summary>Redis did not answer, or refused. The task is stored or not; enqueueing it again under the same
    /// <see cref="EnqueueResult.TaskId"/> cannot store it twice while it exists.</summary>
    Unknown,
}
