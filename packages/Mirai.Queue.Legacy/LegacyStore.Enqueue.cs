using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyStore
{
    /// <summary>How long an id that a caller chose stays taken after its enqueue, or after its due time.</summary>
    public static readonly TimeSpan OwnIdLifetime = TimeSpan.FromDays(1);

    // A client repeats a call until its enqueue timeout is over; the margin covers clocks that differ.
    private static readonly TimeSpan MemoryMargin = TimeSpan.FromSeconds(10);

    public NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now) =>
        LegacyTaskFactory.Create(task, options, now);

    public async Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        RefuseCluster(database);
        var arguments = EnqueueArguments(route, tasks);
        using var reply = await LegacyScripts.Enqueue.RunAsync(database, EnqueueKeys(route, tasks), arguments)
            .ConfigureAwait(false);

        RedisStore.Settle(reply, tasks);
    }

    /// <summary>Whether this message is stored and its task has not ended.</summary>
    public async Task<bool> IsStoredAsync(NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        RedisValue message = task.Encoded;
        var places = await Task.WhenAll(
            IsInListAsync(database, LegacyKeys.Queue(task.Message.Queue), message),
            IsInListAsync(database, LegacyKeys.InProgress, message),
            IsInSetAsync(database, LegacyKeys.Scheduled, message),
            IsInSetAsync(database, LegacyKeys.Retry, message)).ConfigureAwait(false);

        return places.Contains(true);
    }

    /// <summary>Refuses a cluster: the keys of this layout lie in many slots, and each script needs several
    /// keys.</summary>
    /// <exception cref="LayoutNotSupportedException">Redis is a cluster.</exception>
    internal static void RefuseCluster(IDatabase database)
    {
        if (Array.Exists(database.Multiplexer.GetServers(), server => server.ServerType == ServerType.Cluster))
        {
            throw LegacyTaskFactory.Refused(
                "A Redis Cluster", "whose keys lie in many slots", nameof(QueueOptions.RedisUrl));
        }
    }

    private static RedisKey[] EnqueueKeys(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        RedisKey[] keys =
            [LegacyKeys.Queues, LegacyKeys.Enqueued, LegacyKeys.Queue(route.Queue), LegacyKeys.Scheduled];

        return route.Unique ? [.. keys, .. tasks.Select(task => (RedisKey)task.Message.UniqueKey)] : keys;
    }

    private RedisValue[] EnqueueArguments(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var now = time.GetUtcNow();
        return
        [
            WireTime.ToSeconds(now), LegacyKeys.Wake(route.Queue),
            .. tasks.SelectMany(task => (RedisValue[])
            [
                task.Message.Id, task.Encoded,
                route.Unique ? WireTime.ToSeconds(task.LockLifetime) : RedisValue.EmptyString,
                task.ProcessAt is { } due ? WireTime.ToSeconds(due) : RedisValue.EmptyString,
                WireTime.ToSeconds(Memory(task, now)),
            ]),
        ];
    }

    private TimeSpan Memory(NewTask task, DateTimeOffset now) => task.HasOwnId
        ? OwnIdLifetime + ((task.ProcessAt ?? now) - now)
        : options.EnqueueTimeout + MemoryMargin;

    private static async Task<bool> IsInListAsync(IDatabase database, string list, RedisValue message) =>
        await database.ListPositionAsync(list, message).ConfigureAwait(false) >= 0;

    private static async Task<bool> IsInSetAsync(IDatabase database, string set, RedisValue message) =>
        await database.SortedSetScoreAsync(set, message).ConfigureAwait(false) is not null;
}
