namespace Mirai.Queue.Hosting;

/// <summary>Middleware that is a function.</summary>
internal sealed class DelegateMiddleware(Func<TaskContext, TaskPipeline, Task> function) : ITaskMiddleware
{
    public Task InvokeAsync(TaskContext context, TaskPipeline next) => function(context, next);
}
