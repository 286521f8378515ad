namespace Mirai.Queue;

/// <summary>This worker has no handler for the task's type. The task goes back without using a retry, or fails like
/// any other: <see cref="QueueServerOptions.UnknownTypes"/>.</summary>
public sealed class HandlerNotFoundException : Exception
{
    // The text is Asynq's (spec section 6.6): it is stored with the task, and people search for it.
    internal HandlerNotFoundException(string taskType)
        : base($"handler not found for task {Wire.GoText.Quote(taskType)}") => TaskType = taskType;

    /// <summary>The type nobody handles.</summary>
    public string TaskType { get; }
}
