using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    /// <summary>How long Redis keeps daily counters.</summary>
    private const int MostDays = 90;

    // Messages of all queues that one script counts: some milliseconds; and those of a set that are counted at all.
    private const int CountedPerStep = 500;
    private const int MostCounted = 10_000;

    // About what Redis spends on an entry of a sorted set beside its bytes.
    private const int EntryOverhead = 96;

    /// <summary>Counters are those of all queues together: this layout does not tell them apart, nor does it know
    /// totals or how long tasks have waited.</summary>
    public async Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (await FindDatabaseAsync(queue, cancellationToken).ConfigureAwait(false) is not { } database)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var counts = await Task.WhenAll(
            CountAsync(database, queue, TaskState.Pending, cancellationToken),
            CountAsync(database, queue, TaskState.Active, cancellationToken),
            CountAsync(database, queue, TaskState.Scheduled, cancellationToken),
            CountAsync(database, queue, TaskState.Retry, cancellationToken),
            CountAsync(database, queue, TaskState.Archived, cancellationToken)).ConfigureAwait(false);
        var counters = await database.StringGetAsync([LegacyKeys.Processed(now), LegacyKeys.Failed(now)])
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return new QueueInfo
        {
            Queue = queue,
            Pending = counts[0].Count,
            Active = counts[1].Count,
            Scheduled = counts[2].Count,
            Retry = counts[3].Count,
            Archived = counts[4].Count,
            Processed = ToCount(counters[0]),
            Failed = ToCount(counters[1]),
            IsPaused = await database.SetContainsAsync(LegacyKeys.Paused, LegacyKeys.Queue(queue))
                .WaitAsync(cancellationToken).ConfigureAwait(false),
            MemoryUsage = counts.Sum(count => count.Bytes),
            Timestamp = now,
        };
    }

    /// <summary>The counters of all queues together.</summary>
    public async Task<IReadOnlyList<QueueDay>> ListHistoryAsync(
        string queue, int days = 7, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var dates = Enumerable.Range(0, days).Select(ago => now.AddDays(-ago)).ToList();
        RedisKey[] keys =
            [.. dates.Select(day => LegacyKeys.Processed(day)), .. dates.Select(day => LegacyKeys.Failed(day))];
        var counts = await database.StringGetAsync(keys).WaitAsync(cancellationToken).ConfigureAwait(false);

        return
        [
            .. dates.Select((day, i) => new QueueDay(
                DateOnly.FromDateTime(day.UtcDateTime), ToCount(counts[i]), ToCount(counts[days + i]))),
        ];
    }

    /// <summary>How many tasks of a queue are in a state, and about how many bytes of Redis' memory they take. Of a
    /// set with more than 10,000 tasks, an estimate by those that come first.</summary>
    private static async Task<(long Count, long Bytes)> CountAsync(
        IDatabase database, string queue, TaskState state, CancellationToken cancellationToken)
    {
        var place = LegacyPlace.Of(queue, state)!;
        var isShared = state != TaskState.Pending;
        var (looked, count, bytes) = (0L, 0L, 0L);
        long step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reply = await LegacyScripts.Count.RunAsync(
                database,
                keys: (RedisKey[])[LegacyKeys.Queues, place.Key],
                arguments: (RedisValue[])
                [
                    place.IsList ? "list" : "zset", looked, looked + CountedPerStep - 1,
                    isShared ? queue.ToLowerInvariant() : "",
                ]).WaitAsync(cancellationToken).ConfigureAwait(false);
            (step, var own, var size) = ReadCount(reply);
            (looked, count, bytes) = (looked + step, count + own, bytes + size + (own * EntryOverhead));
        }
        while (isShared && step == CountedPerStep && looked < MostCounted);

        var all = step < CountedPerStep
            ? looked
            : await (place.IsList ? database.ListLengthAsync(place.Key) : database.SortedSetLengthAsync(place.Key))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        var share = looked == 0 ? 1 : Math.Max((double)all / looked, 1);

        return ((long)(count * share), (long)(bytes * share));
    }

    private static (long Looked, long Count, long Bytes) ReadCount(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var looked = reader.ReadInt64();
        reader.MoveNext();
        var count = reader.ReadInt64();
        reader.MoveNext();

        return (looked, count, reader.ReadInt64());
    }

    private static long ToCount(RedisValue value) => value.TryParse(out long count) ? count : 0;
}
