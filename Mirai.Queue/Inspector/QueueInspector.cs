using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>The inspector of the current layout.</summary>
internal sealed partial class QueueInspector(RedisConnection connection, IQueueStore store, TimeProvider time)
    : IQueueInspector
{
    /// <summary>One script call reads or changes so many tasks, in about a millisecond.</summary>
    internal const int BatchSize = 200;

    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var names = await database.SetMembersAsync(SharedKeys.Queues)
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return [.. names.Select(name => name.ToString()).Order(StringComparer.Ordinal)];
    }

    public async Task<bool> PauseQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);

        return await CallAsync(
            database,
            LuaScripts.PauseQueue,
            keys: [queueKeys.Pending, queueKeys.Paused],
            arguments: [WireTime.ToSeconds(time.GetUtcNow())])
            .WaitAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    public async Task<bool> ResumeQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);

        // Not DEL: Garnet sometimes returns a wrong count.
        var since = await database.StringGetDeleteAsync(QueueKeys.Of(queue).Paused)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        await database.PublishAsync(RedisChannel.Literal(QueueKeys.Of(queue).WakeChannel), "")
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return since.HasValue;
    }

    /// <summary>Connects and checks that the queue exists.</summary>
    /// <exception cref="QueueNotFoundException">There is no such queue.</exception>
    private async Task<IDatabase> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);

        return await database.SetContainsAsync(SharedKeys.Queues, queue)
            .WaitAsync(cancellationToken).ConfigureAwait(false)
            ? database
            : throw new QueueNotFoundException(queue);
    }

    private static async Task<int> CallAsync(
        IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        using var reply = await script.RunAsync(database, keys, arguments).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32();
    }
}
