using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    /// <summary>Most tasks of a set that one call moves, reads or deletes: some two milliseconds of Redis'
    /// time.</summary>
    public const int SetBatch = 500;

    private const int GroupsPerPage = 100;
    private const int MostBytesPerRead = 4 * 1024 * 1024;
    private const int MostLeftSets = 100;

    public async Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.DueGroups.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Groups(queue)],
            arguments: (RedisValue[])
            [
                RedisKeys.GroupPrefix(queue), WireTime.ToSeconds(time.GetUtcNow()), limits.GracePeriod,
                limits.MaxDelay,
                limits.MaxSize, cursor, GroupsPerPage,
            ]).ConfigureAwait(false);

        return ReadDueGroups(reply);
    }

    public async Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.StageGroup.RunAsync(
            database,
            keys: (RedisKey[])
            [
                RedisKeys.Pending(set.Queue), RedisKeys.Groups(set.Queue), RedisKeys.Group(set.Queue, set.Group),
                set.Key,
                RedisKeys.AggregationSets(set.Queue),
            ],
            arguments: (RedisValue[])
            [
                RedisKeys.TaskPrefix(set.Queue), set.Group, set.Deadline, WireTime.ToSeconds(time.GetUtcNow()),
                limits.GracePeriod, limits.MaxDelay, limits.MaxSize, SetBatch, bytes,
            ]).ConfigureAwait(false);
        var numbers = ReadNumbers(reply);

        return new StagedTasks((int)numbers[0], numbers[1], numbers[2] == 1);
    }

    public async Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.ReadAggregationSet.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(set.Queue), set.Key],
            arguments: (RedisValue[])[RedisKeys.TaskPrefix(set.Queue), skip, SetBatch, MostBytesPerRead])
            .ConfigureAwait(false);
        var reader = reply.Read();
        var tasks = new StagedTask[reader.AggregateLength() / 2];
        for (var i = 0; i < tasks.Length; i++)
        {
            reader.MoveNext();
            var id = reader.ReadString()!;
            reader.MoveNext();
            tasks[i] = new StagedTask(id, reader.ScalarIsEmpty() ? null : ReadMessage(ref reader));
        }

        return tasks;
    }

    public Task<int> SetAsideAsync(AggregationSet set, IReadOnlyList<string> taskIds) => CountAsync(
        LuaScripts.SetMembersAside,
        keys: (RedisKey[])[RedisKeys.Pending(set.Queue), set.Key, RedisKeys.Archived(set.Queue)],
        arguments: (RedisValue[])
        [
            RedisKeys.TaskPrefix(set.Queue), WireTime.ToSeconds(time.GetUtcNow()), .. taskIds.Select(
                id => (RedisValue)id),
        ]);

    public Task<int> DeleteAggregatedAsync(AggregationSet set) => CountAsync(
        LuaScripts.DeleteAggregated,
        keys: (RedisKey[])[RedisKeys.Pending(set.Queue), set.Key, RedisKeys.AggregationSets(set.Queue)],
        arguments: (RedisValue[])[RedisKeys.TaskPrefix(set.Queue), AggregationSet.HandedOver, SetBatch]);

    public async Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var key = RedisKeys.AggregationSets(queue);
        var stale = database.SortedSetRangeByScoreWithScoresAsync(
            key, double.NegativeInfinity, WireTime.ToSeconds(time.GetUtcNow()), take: MostLeftSets);
        var handedOver = database.SortedSetRangeByScoreWithScoresAsync(
            key, AggregationSet.HandedOver, AggregationSet.HandedOver, take: MostLeftSets);
        await Task.WhenAll(stale, handedOver).ConfigureAwait(false);

        return
        [
            .. (await stale.ConfigureAwait(false)).Concat(await handedOver.ConfigureAwait(false))
                .Select(entry => AggregationSet.Parse(queue, entry.Element.ToString(), (long)entry.Score))
                .OfType<AggregationSet>(),
        ];
    }

    public async Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.ReturnAggregationSet.RunAsync(
            database,
            keys: (RedisKey[])
            [
                RedisKeys.Pending(set.Queue), RedisKeys.Groups(set.Queue), RedisKeys.Group(set.Queue, set.Group),
                set.Key,
                RedisKeys.AggregationSets(set.Queue),
            ],
            arguments: (RedisValue[])[set.Group, set.Deadline, SetBatch]).ConfigureAwait(false);
        var numbers = ReadNumbers(reply);

        return ((int)numbers[0], (int)numbers[1]);
    }

    private static DueGroups ReadDueGroups(RespResult reply)
    {
        var reader = reply.Read();
        var names = new string[reader.AggregateLength() - 2];
        reader.MoveNext();
        var cursor = reader.ReadInt64();
        reader.MoveNext();
        DateTimeOffset? nextDue = reader.ScalarIsEmpty() ? null : DueTime(reader.ReadString()!);
        for (var i = 0; i < names.Length; i++)
        {
            reader.MoveNext();
            names[i] = reader.ReadString()!;
        }

        return new DueGroups(names, nextDue, cursor);
    }

    private static long[] ReadNumbers(RespResult reply)
    {
        var reader = reply.Read();
        var numbers = new long[reader.AggregateLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            reader.MoveNext();
            numbers[i] = reader.ReadInt64();
        }

        return numbers;
    }
}
