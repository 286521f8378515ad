using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>The seam between what callers ask for and what a layout can carry.</summary>
internal interface ITaskFactory
{
    /// <summary>Turns a task and its options into what the store stores.</summary>
    /// <exception cref="ArgumentException">An option is not valid, or not for this layout; the message names
    /// it.</exception>
    NewTask Create(QueueTask task, EnqueueOptions options, DateTimeOffset now);
}
