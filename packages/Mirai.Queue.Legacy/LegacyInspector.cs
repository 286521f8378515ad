using Mirai.Queue.Inspector;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The inspector of the layout up to Asynq 0.11. Sets hold the tasks of all queues, so that it looks through
/// those of others for the tasks of one; and a task is found by its message, so that none is acted on that changed
/// meanwhile.</summary>
/// <param name="connection">Redis.</param>
/// <param name="store">The store of this layout.</param>
/// <param name="common">What does not depend on the layout.</param>
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

        return await database.SetAddAsync(LegacyKeys.Paused, LegacyKeys.Queue(queue))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>The database, if it has such a queue.</summary>
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

    /// <summary>Where tasks in a state are, if something can be done with them.</summary>
    /// <exception cref="ArgumentException">It cannot, in this layout or at all.</exception>
    private static LegacyPlace Place(
        string queue, TaskState state, string? group, (string Name, TaskState[] States) action)
    {
        var allowed = action.States.AsEnumerable().Append(TaskState.Completed).Append(TaskState.Aggregating).ToArray();
        var container = TaskContainer.Create(queue, state, group, action.Name, allowed);

        return LegacyPlace.Of(container.Queue, container.State)
            ?? throw LegacyTaskFactory.Refused(
                $"The state {TaskStateWord.Of(state)}",
                "which neither keeps tasks after success nor has groups",
                nameof(state));
    }

    // What every message of a queue has in it, as Redis' SCAN matches it.
    private static string PatternOf(string queue)
    {
        var name = new System.Text.StringBuilder();
        GoJson.Append(name, queue.ToLowerInvariant());

        return $"*{Glob.Escape(name.ToString())}*";
    }
}
