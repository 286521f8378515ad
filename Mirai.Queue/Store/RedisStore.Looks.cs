using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    // One EXISTS of so many queues takes Redis about 0.1 ms.
    private const int MostQueuesPerLook = 500;

    // Into so many parts a look is divided that found something, until the queues are known.
    private const int Parts = 8;

    // Tasks that are signalled must not wait for long for a connection that is only there for those that are not.
    private static readonly TimeSpan TrackingPatience = TimeSpan.FromSeconds(1);

    private PendingTracking? pending;

    public bool IsWatching => pending?.IsPossible == true;

    public IAsyncDisposable WatchPending(Action<string?> onPending, Action<Exception> onUnavailable) =>
        pending = new PendingTracking(time, onPending, onUnavailable);

    public async Task<IReadOnlyList<string>?> FindPendingAsync(IReadOnlyList<string> queues)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        pending?.EnsureOpen(database.Multiplexer);
        if (await LookWatchingAsync(queues).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        return await TryFindAsync(database, queues, static keys => [keys.Pending]).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<string>> WatchAsync(IReadOnlyList<string> queues)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        pending?.EnsureOpen(database.Multiplexer);
        return pending is not { IsOn: true } tracking
            ? []
            : await LookWatchingAsync([.. queues.Where(queue => !tracking.Watches(queue))]).ConfigureAwait(false) ?? [];
    }

    public async Task<IReadOnlyList<string>> FindUsedAsync(IReadOnlyList<string> queues, QueueUse use)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        return await TryFindAsync(database, queues, keys => KeysOf(keys, use)).ConfigureAwait(false) ?? queues;
    }

    private static RedisKey[] KeysOf(QueueKeys keys, QueueUse use) => use switch
    {
        QueueUse.DueTimes => [keys.Scheduled, keys.Retry],
        QueueUse.Leases => [keys.Lease, keys.Active],
        QueueUse.Retention => [keys.Completed, keys.Archived],
        QueueUse.Groups => [keys.Groups],
        QueueUse.AggregationSets => [keys.AggregationSets],
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
    };

    /// <returns><see langword="null"/> when Redis reports no changes now.</returns>
    private async Task<IReadOnlyList<string>?> LookWatchingAsync(IReadOnlyList<string> queues)
    {
        if (pending is not { Database: { } database } tracking)
        {
            return null;
        }

        try
        {
            tracking.Add(queues);
            return await FindAsync(database, queues, static keys => [keys.Pending])
                .WaitAsync(TrackingPatience, time).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception) || exception is ObjectDisposedException)
        {
            tracking.Clear();
            return null;
        }
    }

    /// <returns><see langword="null"/> when this Redis reads no keys of several queues with one command: a cluster, or
    /// a proxy before one.</returns>
    private static async Task<IReadOnlyList<string>?> TryFindAsync(
        IDatabase database, IReadOnlyList<string> queues, Func<QueueKeys, RedisKey[]> keysOf)
    {
        if (Array.Exists(database.Multiplexer.GetServers(), server => server.ServerType == ServerType.Cluster))
        {
            return null;
        }

        try
        {
            return await FindAsync(database, queues, keysOf).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException
            && !RedisFaults.IsAway(exception))
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>> FindAsync(
        IDatabase database, IReadOnlyList<string> queues, Func<QueueKeys, RedisKey[]> keysOf)
    {
        var found = await Task.WhenAll(queues.Chunk(MostQueuesPerLook).Select(chunk => NarrowAsync(chunk)))
            .ConfigureAwait(false);
        return [.. found.SelectMany(names => names)];

        async Task<string[]> NarrowAsync(string[] some)
        {
            RedisKey[] keys = [.. some.SelectMany(queue => keysOf(QueueKeys.Of(queue)))];
            var count = await database.KeyExistsAsync(keys).ConfigureAwait(false);
            if (count == 0 || count == keys.Length || some.Length == 1)
            {
                return count == 0 ? [] : some;
            }

            var parts = some.Chunk((some.Length + Parts - 1) / Parts).Select(NarrowAsync);
            return [.. (await Task.WhenAll(parts).ConfigureAwait(false)).SelectMany(names => names)];
        }
    }
}

/// <summary>What a queue may have that some upkeep is for.</summary>
internal enum QueueUse
{
    /// <summary>Tasks that are due at some time.</summary>
    DueTimes,

    /// <summary>Running tasks, or what is left of them.</summary>
    Leases,

    /// <summary>Completed or archived tasks.</summary>
    Retention,

    /// <summary>Groups of tasks.</summary>
    Groups,

    /// <summary>Tasks that are being aggregated.</summary>
    AggregationSets,
}
