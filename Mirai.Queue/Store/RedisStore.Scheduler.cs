using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    private const int MostEvents = 1000;

    private static readonly TimeSpan HistoryLifetime = TimeSpan.FromDays(90);

    public async Task RecordEventAsync(string entryId, SchedulerEnqueueEvent recorded)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.RecordEvent.RunAsync(
            database,
            keys: (RedisKey[])[SharedKeys.SchedulerHistory(entryId)],
            arguments: (RedisValue[])
            [
                recorded.EnqueueTime.Seconds, recorded.ToByteArray(), MostEvents, WireTime.ToSeconds(HistoryLifetime),
            ])
            .ConfigureAwait(false);
    }

    public async Task WriteEntriesAsync(
        SchedulerName scheduler, IReadOnlyList<SchedulerEntry> entries, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var key = EntriesKey(scheduler);

        // The list of schedulers lies in another slot of a cluster.
        var listed = ListAsync(
            database, SharedKeys.Schedulers, key, WireTime.ToSeconds(time.GetUtcNow() + lifetime));
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
        await Task.WhenAll(database.SortedSetRemoveAsync(SharedKeys.Schedulers, key), database.KeyDeleteAsync(key))
            .ConfigureAwait(false);
    }

    public async Task ClearHistoryAsync(IReadOnlyList<string> entryIds)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);

        // One command per key: the keys lie in many slots of a cluster.
        await Task.WhenAll(entryIds.Select(id => database.KeyDeleteAsync(SharedKeys.SchedulerHistory(id))))
            .ConfigureAwait(false);
    }

    private static string EntriesKey(SchedulerName scheduler) =>
        SharedKeys.SchedulerEntries(scheduler.Host, scheduler.ProcessId, scheduler.Id);
}

/// <summary>The identity of a scheduler, as inspectors show it.</summary>
/// <param name="Host">Its machine.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Id">A random id.</param>
internal sealed record SchedulerName(string Host, int ProcessId, string Id)
{
    /// <summary>A name for a scheduler of this process.</summary>
    public static SchedulerName Create() => new(HostName.Get(), Environment.ProcessId, Guid.NewGuid().ToString());
}
