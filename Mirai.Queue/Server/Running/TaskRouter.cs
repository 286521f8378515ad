namespace Mirai.Queue.Server.Running;

/// <summary>Leads a task to its handler, through the middleware.</summary>
internal sealed class TaskRouter
{
    private readonly PatternMap<TaskPipeline> handlers;
    private readonly TaskPipeline notFound;

    /// <exception cref="InvalidOperationException">A pattern is blank or registered twice.</exception>
    public TaskRouter(
        IEnumerable<KeyValuePair<string, TaskPipeline>> handlers, IReadOnlyCollection<ITaskMiddleware> middleware)
    {
        this.handlers = new PatternMap<TaskPipeline>(
            handlers.Select(handler => KeyValuePair.Create(handler.Key, Wrap(handler.Value, middleware))));
        notFound = Wrap(ThrowNotFound, middleware);
    }

    /// <summary>The middleware and handler for a task type. For a type without a handler, one that fails.</summary>
    public TaskPipeline Find(string taskType) => handlers.TryFind(taskType, out var handler) ? handler : notFound;

    // The first registered is the outermost.
    private static TaskPipeline Wrap(TaskPipeline handler, IReadOnlyCollection<ITaskMiddleware> middleware) =>
        middleware.Reverse().Aggregate(handler, (next, outer) => context => outer.InvokeAsync(context, next));

    private static Task ThrowNotFound(TaskContext context) =>
        Task.FromException(new HandlerNotFoundException(context.Type));
}
