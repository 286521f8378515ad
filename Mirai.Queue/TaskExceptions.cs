namespace Mirai.Queue;

/// <summary>Thrown by a handler: the task failed and must not be tried again. The task is archived with the message as
/// its last error.</summary>
/// <remarks>The worker looks for this exception in the whole chain of inner exceptions.</remarks>
public sealed class SkipRetryException : Exception
{
    /// <summary>Ends the task with a reason.</summary>
    /// <param name="message">The reason; stored with the task.</param>
    /// <param name="innerException">The cause.</param>
    public SkipRetryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>Thrown by a handler: the task is obsolete. The task is deleted and counts as processed, not as failed; it
/// is kept neither in the archive nor for its retention.</summary>
/// <remarks>The worker looks for this exception in the whole chain of inner exceptions.</remarks>
public sealed class RevokeTaskException : Exception
{
    /// <summary>Revokes the task.</summary>
    /// <param name="message">The reason; written to the log only.</param>
    /// <param name="innerException">The cause.</param>
    public RevokeTaskException(
        string message = "The task was revoked by its handler.", Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The worker has no handler for the type of the task. <see cref="QueueServerOptions.UnknownTypes"/> says
/// what becomes of the task.</summary>
public sealed class HandlerNotFoundException : Exception
{
    /// <summary>Reports a task type without a handler.</summary>
    /// <param name="taskType">The type.</param>
    public HandlerNotFoundException(string taskType)
        : this(taskType, $"handler not found for task \"{taskType}\"")
    {
    }

    // The worker passes Asynq's text (spec section 6.6), which quotes the type as Go does.
    internal HandlerNotFoundException(string taskType, string message)
        : base(message) => TaskType = taskType;

    /// <summary>The type that has no handler.</summary>
    public string TaskType { get; }
}

/// <summary>The worker could not renew the lease of the task in time: the attempt failed, and another worker may run
/// the task.</summary>
public sealed class TaskLeaseExpiredException : Exception
{
    /// <summary>Reports a lease that ran out.</summary>
    public TaskLeaseExpiredException()
        : base("asynq: task lease expired") // Asynq's text (spec section 6.6)
    {
    }
}
