using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The inspector of the layout up to Asynq 0.11. The sets hold the tasks of all queues, so that the inspector
/// reads those of other queues too; a script finds a task by its message, so that a task that has changed since it was
/// read is left alone.</summary>
/// <param name="connection">Redis.</param>
/// <param name="store">The store of this layout.</param>
/// <param name="common">The inspector of the current layout, for records that are equal in both layouts.</param>
/// <param name="time">The clock.</param>
internal sealed partial class LegacyInspector(
    RedisConnection connection, LegacyStore store, QueueInspector common, TimeProvider time) : IQueueInspector
{
    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default)
    {
        var queues = await store.ListQueuesAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

        return [.. queues.Order(StringComparer.Ordinal)];
    }

    public async Task<bool> PauseQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.Pause.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, LegacyKeys.Paused, LegacyKeys.Queue(queue)],
            arguments: default).WaitAsync(cancellationToken).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32() == 1;
    }

    public async Task<bool> ResumeQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var wasPaused = await database.SetRemoveAsync(LegacyKeys.Paused, LegacyKeys.Queue(queue))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(LegacyKeys.Wake(queue)), "")
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return wasPaused;
    }

    /// <summary>Connects and checks that the queue exists.</summary>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    private async Task<IDatabase> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);

        return await FindDatabaseAsync(queue, cancellationToken).ConfigureAwait(false)
            ?? throw new QueueNotFoundException(queue);
    }

    private async Task<IDatabase?> FindDatabaseAsync(string queue, CancellationToken cancellationToken)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);

        return await database.SetContainsAsync(LegacyKeys.Queues, LegacyKeys.Queue(queue))
            .WaitAsync(cancellationToken).ConfigureAwait(false)
            ? database
            : null;
    }

    // A glob pattern that every message of a queue matches.
    private static string PatternOf(string queue)
    {
        var name = new System.Text.StringBuilder();
        GoJson.Append(name, queue.ToLowerInvariant());

        return $"*{Glob.Escape(name.ToString())}*";
    }
}
