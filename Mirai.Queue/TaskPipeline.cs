namespace Mirai.Queue;

/// <summary>Runs a task: the rest of the middleware and the handler at its end.</summary>
/// <param name="context">The task and its surroundings.</param>
/// <returns>Completes when the task has succeeded; faults when it failed.</returns>
public delegate Task TaskPipeline(TaskContext context);
