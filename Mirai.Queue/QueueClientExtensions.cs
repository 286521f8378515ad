using StackExchange.Redis;

namespace Mirai.Queue;

/// <summary>Enqueues payload records.</summary>
public static class QueueClientExtensions
{
    /// <summary>Adds a task whose payload is a record, stored as JSON.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="payload">What the handler gets.</param>
    /// <param name="options">Override the options of the attribute one by one.</param>
    /// <param name="cancellationToken">Stops waiting; the task may be stored nevertheless.</param>
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

    /// <summary>Adds many tasks whose payloads are records of one type, stored as JSON. Each task has its own
    /// outcome.</summary>
    /// <typeparam name="TPayload">A record with a <see cref="QueueTaskAttribute"/>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="payloads">What the handlers get: one task each.</param>
    /// <param name="options">Override the options of the attribute one by one, for every task. A
    /// <see cref="EnqueueOptions.TaskId"/> suits one task only.</param>
    /// <param name="cancellationToken">Stops sending: the outcome of a task that was not sent or not answered yet is
    /// <see cref="EnqueueStatus.Unknown"/>.</param>
    /// <returns>One outcome per payload, in the order of <paramref name="payloads"/>.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TPayload"/> has no
    /// <see cref="QueueTaskAttribute"/>, or no registered JSON context knows it.</exception>
    public static Task<IReadOnlyList<EnqueueResult>> EnqueueManyAsync<TPayload>(
        this IQueueClient client, IEnumerable<TPayload> payloads, EnqueueOptions? options = null,
        CancellationToken cancellationToken = default)
        where TPayload : notnull
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(payloads);

        return client.EnqueueManyAsync(
            [.. payloads.Select(payload => client.CreateTask(payload, options))], cancellationToken);
    }
}
