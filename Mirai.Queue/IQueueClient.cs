using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Puts tasks into queues. Safe for any number of callers at once; calls made at the same time share round
/// trips.</summary>
public interface IQueueClient
{
    /// <summary>Adds a task to its queue.</summary>
    /// <param name="task">The work to do; its payload travels unchanged.</param>
    /// <param name="options">Override the task's own options one by one; <see langword="null"/> keeps them
    /// all.</param>
    /// <param name="cancellationToken">Stops waiting; the task may be stored nevertheless.</param>
    /// <returns>The task as stored: its id, its state and when it is due.</returns>
    /// <exception cref="ArgumentException">The options are not valid; the message names the option.</exception>
    /// <exception cref="DuplicateTaskException">An equal task holds the uniqueness lock.</exception>
    /// <exception cref="TaskIdConflictException">The id belongs to another task of the queue.</exception>
    /// <exception cref="RedisServerException">Redis is full: the message says so, and the task is not stored.
    /// </exception>
    /// <exception cref="RedisException">Redis could not be reached within <see cref="QueueOptions.EnqueueTimeout"/>,
    /// or refused the command. The task may be stored: enqueueing it again under the same id cannot store it
    /// twice while it exists. A lost reply to an enqueue under a chosen id may stay unknown: see
    /// <see cref="EnqueueStatus.Unknown"/>.</exception>
    Task<TaskInfo> EnqueueAsync(
        QueueTask task, EnqueueOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Adds many tasks, pipelined, each with its own options and its own outcome.</summary>
    /// <param name="tasks">The tasks; they may go to different queues.</param>
    /// <param name="cancellationToken">Stops sending: the outcome of a task that was not sent or not answered yet is
    /// <see cref="EnqueueStatus.Unknown"/>.</param>
    /// <returns>One outcome per task, in the order of <paramref name="tasks"/>. A task that is refused does not
    /// stop the others.</returns>
    Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync(
        IReadOnlyCollection<QueueTask> tasks, CancellationToken cancellationToken = default);

    /// <summary>Makes a task from a payload record, stored as JSON.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <param name="payload">What the handler gets.</param>
    /// <param name="options">Override the options of the attribute one by one.</param>
    /// <returns>A task for <see cref="EnqueueManyAsync"/>.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TPayload"/> has no
    /// <see cref="QueueTaskAttribute"/>, or no registered JSON context knows it.</exception>
    QueueTask CreateTask<TPayload>(TPayload payload, EnqueueOptions? options = null)
        where TPayload : notnull;
}
