namespace Mirai.Queue;

/// <summary>Wraps every handler of a worker, the one for unknown types included. The first registered is the
/// outermost.</summary>
public interface ITaskMiddleware
{
    /// <summary>Does its part and calls <paramref name="next"/>, or does not.</summary>
    /// <param name="context">The task and its surroundings.</param>
    /// <param name="next">The rest of the chain.</param>
    /// <returns>Completes when the task has succeeded; faults when it failed.</returns>
    Task InvokeAsync(TaskContext context, TaskPipeline next);
}
