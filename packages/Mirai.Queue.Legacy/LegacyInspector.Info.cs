using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    // Redis keeps daily counters for so many days.
    private const int MostDays = 90;

    // One script call counts so many messages, in some milliseconds; further messages of a set are estimated.
    private const int CountedPerStep = 500;
    private const int MostCounted = 10_000;

    // Bytes that Redis needs for an entry of a sorted set besides the message, about.
    private const int EntryOverhead = 96;

    /// <summary>The counters are those of all queues together. This layout stores neither totals nor the time for
    /// which tasks have waited.</summary>
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

    /// <summary>Counts the tasks of a queue in a state, and estimates their memory in bytes. Of a set with more than
    /// 10,000 tasks, the count is an estimate from the first ones.</summary>
    private static async Task<(long Count, long Bytes)> CountAsync(
        IDatabase database, string queue, TaskState state, CancellationToken cancellationToken)
    {
        var place = LegacyPlace.Of(queue, state)!;
        var isShared = state != TaskState.Pending;
        var (examined, count, bytes) = (0L, 0L, 0L);
        long step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var reply = await LegacyScripts.Count.RunAsync(
                database,
                keys: (RedisKey[])[LegacyKeys.Queues, place.Key],
                arguments: (RedisValue[])
                [
                    place.IsList ? "list" : "zset", examined, examined + CountedPerStep - 1,
                    isShared ? queue.ToLowerInvariant() : "",
                ]).WaitAsync(cancellationToken).ConfigureAwait(false);
            (step, var own, var size) = ReadCount(reply);
            (examined, count, bytes) = (examined + step, count + own, bytes + size + (own * EntryOverhead));
        }
        while (isShared && step == CountedPerStep && examined < MostCounted);

        var all = step < CountedPerStep
            ? examined
            : await (place.IsList ? database.ListLengthAsync(place.Key) : database.SortedSetLengthAsync(place.Key))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        var share = examined == 0 ? 1 : Math.Max((double)all / examined, 1);

        return ((long)(count * share), (long)(bytes * share));
    }

    private static (long Examined, long Count, long Bytes) ReadCount(RespResult reply)
    {
        var reader = reply.Read();
        reader.MoveNext();
        var examined = reader.ReadInt64();
        reader.MoveNext();
        var count = reader.ReadInt64();
        reader.MoveNext();

        return (examined, count, reader.ReadInt64());
    }

    private static long ToCount(RedisValue value) => value.TryParse(out long count) ? count : 0;
}
