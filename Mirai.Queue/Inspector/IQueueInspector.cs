using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Looks at queues.</summary>
public interface IQueueInspector
{
    /// <summary>The names of all queues, sorted.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Every queue a task was ever put into, unless it was deleted.</returns>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default);

    /// <summary>What a queue holds.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such queue.</returns>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>One task.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such task (any more).</returns>
    /// <exception cref="InvalidDataException">What is stored is no task that this version can read.</exception>
    /// <exception cref="RedisException">Redis could not be reached.</exception>
    Task<TaskInfo?> FindTaskAsync(string queue, string taskId, CancellationToken cancellationToken = default);
}
