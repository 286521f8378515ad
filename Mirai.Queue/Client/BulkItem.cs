using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>One task of a bulk enqueue on its way.</summary>
/// <param name="newTask">What is sent; <see langword="null"/> when the task is not valid.</param>
internal sealed class BulkItem(NewTask? newTask)
{
    public NewTask? NewTask { get; } = newTask;

    /// <summary>Why it is not known to be stored.</summary>
    public Exception? Error { get; set; }

    public static BulkItem Create(QueueTask task, ITaskFactory factory, DateTimeOffset now)
    {
        if (task is null)
        {
            return new BulkItem(null) { Error = new ArgumentNullException(nameof(task)) };
        }

        try
        {
            return new BulkItem(factory.Create(task, task.Options, now));
        }
        catch (ArgumentException exception)
        {
            return new BulkItem(null) { Error = exception };
        }
    }
}
