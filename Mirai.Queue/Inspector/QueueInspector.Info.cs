using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    /// <summary>How long Redis keeps daily counters.</summary>
    private const int MostDays = 90;

    public async Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        if (!await database.SetContainsAsync(SharedKeys.Queues, queue).WaitAsync(cancellationToken)
            .ConfigureAwait(false))
        {
            return null;
        }

        var info = await CountAsync(database, queue, cancellationToken).ConfigureAwait(false);
        return info with
        {
            MemoryUsage = await EstimateMemoryAsync(database, info, cancellationToken).ConfigureAwait(false),
        };
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

    /// <summary>Everything but the memory.</summary>
    private async Task<QueueInfo> CountAsync(IDatabase database, string queue, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var reply = await LuaScripts.QueueInfo.RunAsync(
            database, InfoKeys(queue, now), (RedisValue[])[QueueKeys.Of(queue).TaskPrefix])
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var info = ReadInfo(reply, queue, now);

        return info.Groups == 0
            ? info
            : info with
            {
                Aggregating = await EstimateAggregatingAsync(database, info, cancellationToken).ConfigureAwait(false),
            };
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

    private static QueueInfo ReadInfo(RespResult reply, string queue, DateTimeOffset now)
    {
        var reader = reply.Read();
        var numbers = new long[reader.AggregateLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            reader.MoveNext();
            numbers[i] = reader.TryReadInt64(out var number) ? number : 0;
        }

        return new QueueInfo
        {
            Queue = queue,
            Pending = numbers[0],
            Active = numbers[1],
            Scheduled = numbers[2],
            Retry = numbers[3],
            Archived = numbers[4],
            Completed = numbers[5],
            Processed = numbers[6],
            Failed = numbers[7],
            ProcessedTotal = numbers[8],
            FailedTotal = numbers[9],
            IsPaused = numbers[10] == 1,
            Groups = numbers[11],
            Latency = numbers[12] == 0 ? TimeSpan.Zero : now - WireTime.FromUnixNanoseconds(numbers[12]),
            Timestamp = now,
        };
    }

    private static long ToCount(RedisValue value) => value.TryParse(out long count) ? count : 0;
}
