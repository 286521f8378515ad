using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Finds the handler of a task, wrapped in the middleware.</summary>
internal sealed class TaskRouter
{
    private readonly PatternMap<TaskPipeline> handlers;
    private readonly TaskPipeline notFound;

    /// <param name="handlers">Handlers by task type, or by the beginning of task types.</param>
    /// <param name="middleware">Functions that wrap a pipeline; the first is the outermost.</param>
    /// <exception cref="InvalidOperationException">A pattern is blank or registered twice.</exception>
    public TaskRouter(
        IEnumerable<KeyValuePair<string, TaskPipeline>> handlers,
        IReadOnlyCollection<Func<TaskPipeline, TaskPipeline>> middleware)
    {
        this.handlers = new PatternMap<TaskPipeline>(
            handlers.Select(handler => KeyValuePair.Create(handler.Key, Wrap(handler.Value, middleware))));
        notFound = Wrap(FailNotFound, middleware);
    }

    /// <summary>Finds the pipeline for a task type. For a type without a handler, the pipeline fails.</summary>
    public TaskPipeline Find(string taskType) => handlers.TryFind(taskType, out var handler) ? handler : notFound;

    private static TaskPipeline Wrap(
        TaskPipeline handler, IReadOnlyCollection<Func<TaskPipeline, TaskPipeline>> middleware) =>
        middleware.Reverse().Aggregate(handler, (next, wrap) => wrap(next));

    private static Task FailNotFound(TaskContext context) => Task.FromException(new HandlerNotFoundException(
        context.Type, $"handler not found for task {GoText.Quote(context.Type)}"));
}
