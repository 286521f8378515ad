namespace Mirai.Queue;

/// <summary>Wraps every handler of a worker, the handler for unknown types included. The middleware that is
/// registered first is the outermost.</summary>
/// <remarks>A middleware class is resolved for every attempt from the scope of that attempt
/// (<see cref="TaskContext.Services"/>), the same scope that the handler uses. Its constructor may take scoped
/// services.</remarks>
public interface ITaskMiddleware
{
    /// <summary>Runs code around the rest of the pipeline. A middleware that does not call
    /// <paramref name="next"/> keeps the handler from running.</summary>
    /// <param name="context">The attempt: the task, the deadline, the services and the cancellation token.</param>
    /// <param name="next">The rest of the pipeline.</param>
    /// <returns>Completes when the task has succeeded; faults when the task failed.</returns>
    Task InvokeAsync(TaskContext context, TaskPipeline next);
}

/// <summary>Runs a task: the rest of the middleware and the handler at the end.</summary>
/// <param name="context">The attempt.</param>
/// <returns>Completes when the task has succeeded; faults when the task failed.</returns>
public delegate Task TaskPipeline(TaskContext context);
