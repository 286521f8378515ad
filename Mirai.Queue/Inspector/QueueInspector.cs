using Mirai.Queue.Protocol;
using Mirai.Queue.Scripts;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>Looks at queues of the current layout.</summary>
internal sealed partial class QueueInspector(RedisConnection connection, TimeProvider time) : IQueueInspector
{
    // How many groups one step counts: some tenths of a millisecond of Redis' time.
    private const int GroupsPerPage = 100;

    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var names = await database.SetMembersAsync(RedisKeys.Queues).WaitAsync(cancellationToken).ConfigureAwait(false);

        return [.. names.Select(name => name.ToString()).Order(StringComparer.Ordinal)];
    }

    public async Task<QueueInfo?> FindQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        if (!await database.SetContainsAsync(RedisKeys.Queues, queue).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var now = time.GetUtcNow();
        using var reply = await LuaScripts.QueueInfo.RunAsync(database, InfoKeys(queue, now), InfoArguments(queue))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var info = ReadInfo(reply, queue, now);

        return info.Groups == 0
            ? info
            : info with { Aggregating = await CountAggregatingAsync(database, queue, cancellationToken).ConfigureAwait(false) };
    }

    private static RedisKey[] InfoKeys(string queue, DateTimeOffset now) =>
    [
        RedisKeys.Pending(queue), RedisKeys.Active(queue), RedisKeys.Scheduled(queue), RedisKeys.Retry(queue),
        RedisKeys.Archived(queue), RedisKeys.Completed(queue), RedisKeys.Processed(queue, now), RedisKeys.Failed(queue, now),
        RedisKeys.ProcessedTotal(queue), RedisKeys.FailedTotal(queue), RedisKeys.Paused(queue), RedisKeys.Groups(queue),
    ];

    private static RedisValue[] InfoArguments(string queue) => [RedisKeys.TaskPrefix(queue)];

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

    private static async Task<long> CountAggregatingAsync(
        IDatabase database, string queue, CancellationToken cancellationToken)
    {
        var (total, cursor) = (0L, "0");
        do
        {
            using var reply = await LuaScripts.GroupSizes.RunAsync(
                database,
                keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Groups(queue)],
                arguments: (RedisValue[])[RedisKeys.GroupPrefix(queue), cursor, GroupsPerPage])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            (cursor, var counted) = ReadGroupSizes(reply);
            total += counted;
        }
        while (cursor != "0");

        return total;
    }

    private static (string Cursor, long Tasks) ReadGroupSizes(RespResult reply)
    {
        var reader = reply.Read();
        var groups = (reader.AggregateLength() - 1) / 2;
        reader.MoveNext();
        var (cursor, tasks) = (reader.ReadString()!, 0L);
        for (; groups > 0; groups--)
        {
            reader.MoveNext(); // the name
            reader.MoveNext();
            tasks += reader.ReadInt64();
        }

        return (cursor, tasks);
    }
}
