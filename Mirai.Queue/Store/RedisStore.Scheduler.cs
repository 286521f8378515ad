using System.Globalization;
using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore : ISchedulerStore
{
    private const int MostEvents = 1000;

    private static readonly TimeSpan HistoryLifetime = TimeSpan.FromDays(90);

    public async Task<PeriodicCursor> RegisterEntryAsync(
        PeriodicKey key, string spec, DateTimeOffset since, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.RegisterEntry.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(key.Queue), RedisKeys.Periodic(key.Queue, key.Name)],
            arguments: (RedisValue[])[WireTime.ToSeconds(since), spec, WireTime.ToSeconds(lifetime)])
            .ConfigureAwait(false);

        var reader = reply.Read();
        reader.MoveNext();
        var tick = reader.ReadString();
        reader.MoveNext();

        return new PeriodicCursor(ReadTick(tick), reader.ReadInt64() == 1);
    }

    public async Task<TickReply> EnqueueTickAsync(TickOrder order, NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, task.Route.Queue).ConfigureAwait(false);
        using var reply = await LuaScripts.EnqueueTick
            .RunAsync(database, TickKeys(order, task), TickArguments(order, task)).ConfigureAwait(false);

        var reader = reply.Read();
        reader.MoveNext();
        var outcome = ToOutcome(reader.ReadInt64());
        reader.MoveNext();
        var settled = ReadTick(reader.ReadString());
        reader.MoveNext();
        Settle(task, outcome, reader.ReadString());

        return new TickReply(outcome, settled);
    }

    public async Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.RecordEvent.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.SchedulerHistory(entryId)],
            arguments: (RedisValue[])
                [recorded.EnqueueTime.Seconds, recorded.ToByteArray(), MostEvents, WireTime.ToSeconds(HistoryLifetime)])
            .ConfigureAwait(false);
    }

    public async Task WriteEntriesAsync(
        SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var key = EntriesKey(scheduler);

        // The list of schedulers lies in another slot of a cluster.
        var listed = database.SortedSetAddAsync(
            RedisKeys.Schedulers, key, WireTime.ToSeconds(time.GetUtcNow() + lifetime));
        using var reply = await LuaScripts.WriteEntries.RunAsync(
            database,
            keys: (RedisKey[])[key],
            arguments: (RedisValue[])[WireTime.ToSeconds(lifetime), .. entries.Select(entry => entry.ToByteArray())])
            .ConfigureAwait(false);
        await listed.ConfigureAwait(false);
    }

    public async Task ClearEntriesAsync(SchedulerName scheduler)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var key = EntriesKey(scheduler);
        await Task.WhenAll(database.SortedSetRemoveAsync(RedisKeys.Schedulers, key), database.KeyDeleteAsync(key))
            .ConfigureAwait(false);
    }

    public async Task ClearHistoryAsync(IReadOnlyList<string> entryIds)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);

        // One by one: they lie in many slots of a cluster.
        await Task.WhenAll(entryIds.Select(id => database.KeyDeleteAsync(RedisKeys.SchedulerHistory(id))))
            .ConfigureAwait(false);
    }

    private static string EntriesKey(SchedulerName scheduler) =>
        RedisKeys.SchedulerEntries(scheduler.Host, scheduler.ProcessId, scheduler.Id);

    private static RedisKey[] TickKeys(TickOrder order, NewTask task)
    {
        var (queue, placement, unique) = task.Route;
        RedisKey[] keys =
        [
            RedisKeys.Pending(queue), RedisKeys.Groups(queue), RedisKeys.Periodic(queue, order.Key.Name),
            placement == Placement.Group ? RedisKeys.Group(queue, task.Message.GroupKey) : RedisKeys.Scheduled(queue),
        ];

        return unique ? [.. keys, task.Message.UniqueKey] : keys;
    }

    private RedisValue[] TickArguments(TickOrder order, NewTask task)
    {
        var now = time.GetUtcNow();
        var (state, score) = task.Route.Placement switch
        {
            Placement.Pending => ("pending", WireTime.ToUnixNanoseconds(now)),
            Placement.Scheduled => ("scheduled", WireTime.ToSeconds(task.ProcessAt)),
            _ => ("aggregating", WireTime.ToSeconds(now)),
        };

        return
        [
            RedisKeys.TaskPrefix(task.Route.Queue), RedisKeys.WakeChannel(task.Route.Queue),
            WireTime.ToSeconds(order.Tick), WireTime.ToSeconds(now + PeriodicCursor.ClockTolerance),
            WireTime.ToSeconds(order.Lifetime), order.SkipsOverlap, task.Message.Id, task.Encoded, state, score,
            task.Message.GroupKey, WireTime.ToSeconds(task.LockLifetime), order.EntryId,
        ];
    }

    internal static void Settle(NewTask task, TickOutcome outcome, string? lockOwner)
    {
        var status = outcome switch
        {
            TickOutcome.Enqueued => EnqueueStatus.Enqueued,
            TickOutcome.TaskIdConflict => EnqueueStatus.TaskIdConflict,
            TickOutcome.Duplicate => EnqueueStatus.Duplicate,
            _ => EnqueueStatus.Unknown,
        };
        task.Settle(status, string.IsNullOrEmpty(lockOwner) ? null : lockOwner);
    }

    internal static TickOutcome ToOutcome(long reply) => Enum.IsDefined((TickOutcome)reply)
        ? (TickOutcome)reply
        : throw new InvalidOperationException($"enqueue_tick.lua returned {reply}.");

    private static DateTimeOffset ReadTick(string? seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds!, CultureInfo.InvariantCulture));
}
