using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <content>Asynq of this layout had no schedulers. The entries that inspectors show are stored as in the current
/// layout; the settled ticks are stored in keys that only Mirai uses.</content>
internal sealed partial class LegacyStore : ISchedulerStore
{
    public async Task<PeriodicCursor> RegisterEntryAsync(
        PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.RegisterEntry.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, LegacyKeys.Periodic(key.Queue, key.Name)],
            arguments: (RedisValue[])[WireTime.ToSeconds(since), spec, WireTime.ToSeconds(lifetime)])
            .ConfigureAwait(false);

        return RedisStore.ReadCursor(reply);
    }

    public async Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        RefuseCluster(database);
        using var reply = await LegacyScripts.EnqueueTick
            .RunAsync(database, TickKeys(order, task), TickArguments(order, task)).ConfigureAwait(false);

        return RedisStore.ReadTickReply(reply, task);
    }

    public Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded) =>
        common.RecordEventAsync(entryId, recorded);

    public Task WriteEntriesAsync(SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime) =>
        common.WriteEntriesAsync(scheduler, entries, lifetime);

    public Task ClearEntriesAsync(SchedulerName scheduler) => common.ClearEntriesAsync(scheduler);

    public Task ClearHistoryAsync(IReadOnlyList<string> entryIds) => common.ClearHistoryAsync(entryIds);

    private static RedisKey[] TickKeys(TickOrder order, NewTask task)
    {
        RedisKey[] keys =
        [
            LegacyKeys.Queues, LegacyKeys.Enqueued, LegacyKeys.Queue(task.Route.Queue), LegacyKeys.Scheduled,
            LegacyKeys.Retry, LegacyKeys.InProgress, LegacyKeys.Periodic(order.Key.Queue, order.Key.Name),
        ];

        return task.Route.Unique ? [.. keys, task.Message.UniqueKey] : keys;
    }

    private RedisValue[] TickArguments(TickOrder order, NewTask task)
    {
        var now = time.GetUtcNow();
        return
        [
            WireTime.ToSeconds(now), LegacyKeys.Wake(task.Route.Queue), WireTime.ToSeconds(order.Tick),
            WireTime.ToSeconds(now + PeriodicCursor.ClockTolerance), WireTime.ToSeconds(order.Lifetime),
            order.SkipsOverlap, task.Message.Id, task.Encoded,
            task.ProcessAt is { } due ? WireTime.ToSeconds(due) : RedisValue.EmptyString,
            WireTime.ToSeconds(task.LockLifetime), WireTime.ToSeconds(Memory(task, now)), order.EntryId,
        ];
    }
}
