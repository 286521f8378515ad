namespace Mirai.Queue;

/// <summary>Runs tasks of a type or of a group of types, with the payload as raw bytes.</summary>
/// <remarks>A handler is created for every attempt, in a dependency-injection scope of that attempt. Tasks run at
/// least once: after a crash, for instance, one task may run twice. Make the work repeatable.</remarks>
public interface ITaskHandler
{
    /// <summary>Runs one attempt. Returning means success. An exception means failure: the task is tried again later,
    /// unless the exception is a <see cref="SkipRetryException"/> or a <see cref="RevokeTaskException"/>.</summary>
    /// <param name="context">The attempt: the task, the deadline, the services and the cancellation token.</param>
    /// <param name="cancellationToken">Fires at the timeout or deadline, when the task is cancelled, when the lease is
    /// lost, and when the worker stops and its shutdown timeout is over.</param>
    /// <returns>Completes when the work is done.</returns>
    Task HandleAsync(TaskContext context, CancellationToken cancellationToken);
}

/// <summary>Runs the tasks of one payload type.</summary>
/// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>, stored as JSON.</typeparam>
/// <remarks>A handler is created for every attempt, in a dependency-injection scope of that attempt. Tasks run at
/// least once: after a crash, for instance, one task may run twice. Make the work repeatable.</remarks>
public interface ITaskHandler<in TPayload>
    where TPayload : notnull
{
    /// <summary>Runs one attempt. Returning means success. An exception means failure: the task is tried again later,
    /// unless the exception is a <see cref="SkipRetryException"/> or a <see cref="RevokeTaskException"/>.</summary>
    /// <param name="payload">The payload that the task was enqueued with.</param>
    /// <param name="context">The attempt: the task, the deadline, the services and the cancellation token.</param>
    /// <param name="cancellationToken">Fires at the timeout or deadline, when the task is cancelled, when the lease is
    /// lost, and when the worker stops and its shutdown timeout is over.</param>
    /// <returns>Completes when the work is done.</returns>
    Task HandleAsync(TPayload payload, TaskContext context, CancellationToken cancellationToken);
}
