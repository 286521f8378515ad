namespace Mirai.Queue;

/// <summary>Runs tasks as raw bytes.</summary>
public interface ITaskHandler
{
    /// <summary>Does the work. Returning means success; throwing means failure.</summary>
    /// <param name="context">The task and its surroundings.</param>
    /// <param name="cancellationToken">Fires at the timeout or deadline, when somebody cancels the task, when the
    /// lease is lost, and when the worker stops and its shutdown timeout is over.</param>
    /// <returns>Completes when the work is done.</returns>
    Task HandleAsync(TaskContext context, CancellationToken cancellationToken);
}
