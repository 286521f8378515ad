using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Enqueues payload records.</summary>
public static class QueueClientExtensions
{
    /// <summary>Adds a task whose payload is a record, stored as JSON.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="payload">What the handler gets.</param>
    /// <param name="options">Override what the attribute says, one by one.</param>
    /// <param name="cancellationToken">Gives up waiting; the task may be stored all the same.</param>
    /// <returns>The task as stored.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TPayload"/> has no
    /// <see cref="QueueTaskAttribute"/>, or no registered JSON context knows it.</exception>
    /// <exception cref="ArgumentException">The options are not valid; the message names the option.</exception>
    /// <exception cref="DuplicateTaskException">An equal task holds the uniqueness lock.</exception>
    /// <exception cref="TaskIdConflictException">The id belongs to another task of the queue.</exception>
    /// <exception cref="RedisException">Redis could not be reached in time, or refused the command. The task may be
    /// stored.</exception>
    public static Task<TaskInfo> EnqueueAsync<TPayload>(
        this IQueueClient client, TPayload payload, EnqueueOptions? options = null,
        CancellationToken cancellationToken = default)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.EnqueueAsync(client.CreateTask(payload, options), options: null, cancellationToken);
    }
}
