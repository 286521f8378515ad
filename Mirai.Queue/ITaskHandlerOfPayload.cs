namespace Mirai.Queue;

/// <summary>Runs the tasks of one payload type. Created anew for every task, in a dependency-injection scope of its
/// own.</summary>
/// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>, stored as JSON.</typeparam>
/// <remarks>At least once means that one task may run twice, after a crash for instance: make the work
/// repeatable.</remarks>
public interface ITaskHandler<in TPayload>
    where TPayload : notnull
{
    /// <summary>Does the work. Returning means success; throwing means failure, tried again later unless it is a
    /// <see cref="SkipRetryException"/> or a <see cref="RevokeTaskException"/>.</summary>
    /// <param name="payload">What the task was enqueued with.</param>
    /// <param name="context">The task and its surroundings.</param>
    /// <param name="cancellationToken">Fires at the timeout or deadline, when somebody cancels the task, when the
    /// lease is lost, and when the worker stops and its shutdown timeout is over.</param>
    /// <returns>Completes when the work is done.</returns>
    Task HandleAsync(TPayload payload, TaskContext context, CancellationToken cancellationToken);
}
