using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public async Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulerEntriesAsync(
        CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var entries = await ReadAllAsync(database, SharedKeys.Schedulers, key => database.ListRangeAsync(key))
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return [.. entries.Select(value => TryRead(value, SchedulerEntry.Parser)).OfType<SchedulerEntry>().Select(ToEntry)];
    }

    public async Task<IReadOnlyList<SchedulerEventInfo>> ListSchedulerEventsAsync(
        string entryId, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entryId);
        var page = paging ?? Paging.Default;
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var events = await database
            .SortedSetRangeByRankAsync(SharedKeys.SchedulerHistory(entryId), page.First, page.Last, Order.Descending)
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return
        [
            .. events.Select(value => TryRead((byte[])value!, SchedulerEnqueueEvent.Parser))
                .OfType<SchedulerEnqueueEvent>()
                .Select(done => new SchedulerEventInfo(done.TaskId, ToTime(done.EnqueueTime) ?? DateTimeOffset.UnixEpoch)),
        ];
    }

    private static SchedulerEntryInfo ToEntry(SchedulerEntry entry) => new()
    {
        Id = entry.Id,
        Spec = entry.Spec,
        Type = entry.TaskType,
        Payload = entry.TaskPayload.IsEmpty ? default(ReadOnlyMemory<byte>?) : entry.TaskPayload.Memory,
        Options = [.. entry.EnqueueOptions],
        Next = ToTime(entry.NextEnqueueTime),
        Previous = ToTime(entry.PrevEnqueueTime),
    };
}
