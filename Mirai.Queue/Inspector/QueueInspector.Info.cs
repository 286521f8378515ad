using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    // Redis keeps daily counters for so many days.
    private const int MostDays = 90;

    // Asynq's numbers.
    private const int SampledTasks = 20;
    private const int SampledGroups = 5;

    // For a server that refuses MEMORY USAGE: bytes of an entry of a list and of a sorted set (ids are mostly UUIDs),
    // and of a hash without the content of its fields, on a 64-bit Redis.
    private const long ListEntrySize = 40;
    private const long SetEntrySize = 140;
    private const long TaskOverhead = 200;

    public async Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        if (!await database.SetContainsAsync(SharedKeys.Queues, queue).WaitAsync(cancellationToken)
            .ConfigureAwait(false))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var counts = await CountAsync(database, queue, now, cancellationToken).ConfigureAwait(false);
        var memory = await EstimateMemoryAsync(database, queue, counts, cancellationToken).ConfigureAwait(false);

        return ToInfo(queue, counts, memory, now);
    }

    public async Task<IReadOnlyList<QueueDay>> ListHistoryAsync(
        string queue, int days = 7, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var dates = Enumerable.Range(0, days).Select(ago => now.AddDays(-ago)).ToList();
        RedisKey[] keys =
        [
            .. dates.Select(day => QueueKeys.Of(queue).Processed(day)), .. dates.Select(
                day => QueueKeys.Of(queue).Failed(day)),
        ];
        var counts = await database.StringGetAsync(keys).WaitAsync(cancellationToken).ConfigureAwait(false);

        return
        [
            .. dates.Select((day, i) => new QueueDay(
                DateOnly.FromDateTime(day.UtcDateTime), ToCount(counts[i]), ToCount(counts[days + i]))),
        ];
    }

    private static async Task<QueueCounts> CountAsync(
        IDatabase database, string queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var reply = await LuaScripts.QueueInfo.RunAsync(
            database, InfoKeys(queue, now), (RedisValue[])[QueueKeys.Of(queue).TaskPrefix])
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var counts = new QueueCounts(ReadNumbers(reply), Aggregating: 0);
        var aggregating = counts.Groups == 0
            ? 0
            : await EstimateAggregatingAsync(database, queue, counts.Groups, cancellationToken).ConfigureAwait(false);

        var staged = await ReadStagedAsync(database, queue, cancellationToken).ConfigureAwait(false);

        return counts with { Aggregating = aggregating + staged.Estimate };
    }

    private static RedisKey[] InfoKeys(string queue, DateTimeOffset now) =>
    [
        QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Active, QueueKeys.Of(queue).Scheduled,
        QueueKeys.Of(queue).Retry,
        QueueKeys.Of(queue).Archived, QueueKeys.Of(queue).Completed, QueueKeys.Of(queue).Processed(now),
        QueueKeys.Of(queue).Failed(now),
        QueueKeys.Of(queue).ProcessedTotal, QueueKeys.Of(queue).FailedTotal, QueueKeys.Of(queue).Paused,
        QueueKeys.Of(queue).Groups,
    ];

    private static long[] ReadNumbers(RespResult reply)
    {
        var reader = reply.Read();
        var numbers = new long[reader.AggregateLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            reader.MoveNext();
            numbers[i] = reader.TryReadInt64(out var number) ? number : 0;
        }

        return numbers;
    }

    private static QueueInfo ToInfo(string queue, QueueCounts counts, long memory, DateTimeOffset now)
    {
        var numbers = counts.Numbers;
        return new QueueInfo
        {
            Queue = queue,
            Pending = numbers[0],
            Active = numbers[1],
            Scheduled = numbers[2],
            Retry = numbers[3],
            Archived = numbers[4],
            Completed = numbers[5],
            Aggregating = counts.Aggregating,
            Processed = numbers[6],
            Failed = numbers[7],
            ProcessedTotal = numbers[8],
            FailedTotal = numbers[9],
            IsPaused = numbers[10] == 1,
            Groups = counts.Groups,
            Latency = numbers[12] == 0 ? TimeSpan.Zero : now - WireTime.FromUnixNanoseconds(numbers[12]),
            MemoryUsage = memory,
            Timestamp = now,
        };
    }

    private static long ToCount(RedisValue value) => value.TryParse(out long count) ? count : 0;

    private static async Task<long> EstimateMemoryAsync(
        IDatabase database, string queue, QueueCounts counts, CancellationToken cancellationToken)
    {
        RedisKey[] keys =
        [
            QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Active, QueueKeys.Of(queue).Scheduled,
            QueueKeys.Of(queue).Retry, QueueKeys.Of(queue).Archived, QueueKeys.Of(queue).Completed,
            QueueKeys.Of(queue).Groups,
        ];
        using var reply = await LuaScripts.SampleMemory.RunAsync(
            database,
            keys,
            arguments: (RedisValue[])
                [QueueKeys.Of(queue).TaskPrefix, QueueKeys.Of(queue).GroupPrefix, SampledTasks, SampledGroups])
            .WaitAsync(cancellationToken).ConfigureAwait(false);

        return SumMemory(reply, counts.Sizes);
    }

    private static long SumMemory(RespResult reply, long[] sizes)
    {
        var reader = reply.Read();
        var (total, isRefused) = (0.0, false);
        for (var i = 0; i < sizes.Length; i++)
        {
            reader.MoveNext();
            var sampled = reader.ReadInt64();
            reader.MoveNext();
            double bytes = reader.ReadInt64();
            reader.MoveNext();
            var container = reader.ReadInt64();
            isRefused |= container < 0;
            bytes += isRefused ? sampled * TaskOverhead : 0;
            total += sampled == 0 ? 0 : bytes / sampled * sizes[i];
            total += container >= 0 ? container : sizes[i] * (i < 2 ? ListEntrySize : SetEntrySize);
        }

        return (long)total;
    }

    /// <param name="Numbers">The reply of queue_info.lua.</param>
    /// <param name="Aggregating">Estimated number of tasks in groups and aggregation sets.</param>
    private readonly record struct QueueCounts(long[] Numbers, long Aggregating)
    {
        /// <summary>Sizes by state, in the order of the keys of sample_memory.lua.</summary>
        public long[] Sizes => [.. Numbers.AsSpan(0, 6), Aggregating];

        public long Groups => Numbers[11];
    }
}
