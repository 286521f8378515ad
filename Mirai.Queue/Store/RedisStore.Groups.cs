using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    /// <summary>How many tasks of a set one call moves, reads or deletes at most: about two milliseconds of
    /// Redis.</summary>
    public const int SetBatch = 500;

    private const int GroupsPerPage = 100;
    private const int MostBytesPerRead = 4 * 1024 * 1024;
    private const int MostLeftSets = 100;

    public async Task<DueGroups> FindDueGroupsAsync(string queue, GroupLimits limits, long cursor)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.DueGroups.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Groups],
            arguments: (RedisValue[])
            [
                queueKeys.GroupPrefix, WireTime.ToSeconds(time.GetUtcNow()), limits.GracePeriod,
                limits.MaxDelay,
                limits.MaxSize, cursor, GroupsPerPage,
            ]).ConfigureAwait(false);

        return ReadDueGroups(reply);
    }

    public async Task<StagedTasks> StageGroupAsync(AggregationSet set, GroupLimits limits, long bytes)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(set.Queue);
        using var reply = await LuaScripts.StageGroup.RunAsync(
            database,
            keys: (RedisKey[])
            [
                queueKeys.Pending, queueKeys.Groups, queueKeys.Group(set.Group),
                set.Key,
                queueKeys.AggregationSets,
            ],
            arguments: (RedisValue[])
            [
                queueKeys.TaskPrefix, set.Group, set.Deadline, WireTime.ToSeconds(time.GetUtcNow()),
                limits.GracePeriod, limits.MaxDelay, limits.MaxSize, SetBatch, bytes,
            ]).ConfigureAwait(false);
        var numbers = ReadNumbers(reply);

        return new StagedTasks((int)numbers[0], numbers[1], numbers[2] == 1);
    }

    public async Task<IReadOnlyList<StagedTask>> ReadSetAsync(AggregationSet set, int skip)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(set.Queue);
        using var reply = await LuaScripts.ReadAggregationSet.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, set.Key],
            arguments: (RedisValue[])[queueKeys.TaskPrefix, skip, SetBatch, MostBytesPerRead])
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

    public Task<int> QuarantineAsync(AggregationSet set, IReadOnlyList<string> taskIds)
    {
        var queueKeys = QueueKeys.Of(set.Queue);
        return CountAsync(
            LuaScripts.QuarantineMembers,
            keys: (RedisKey[])[queueKeys.Pending, set.Key, queueKeys.Archived],
            arguments: (RedisValue[])
            [
                queueKeys.TaskPrefix, WireTime.ToSeconds(time.GetUtcNow()), .. taskIds.Select(id => (RedisValue)id),
            ]);
    }

    public Task<int> DeleteAggregatedAsync(AggregationSet set)
    {
        var queueKeys = QueueKeys.Of(set.Queue);
        return CountAsync(
            LuaScripts.DeleteAggregated,
            keys: (RedisKey[])[queueKeys.Pending, set.Key, queueKeys.AggregationSets],
            arguments: (RedisValue[])[queueKeys.TaskPrefix, AggregationSet.AggregatedDeadline, SetBatch]);
    }

    public async Task<IReadOnlyList<AggregationSet>> ListLeftSetsAsync(string queue)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        var key = queueKeys.AggregationSets;
        var stale = database.SortedSetRangeByScoreWithScoresAsync(
            key, double.NegativeInfinity, WireTime.ToSeconds(time.GetUtcNow()), take: MostLeftSets);
        var aggregated = database.SortedSetRangeByScoreWithScoresAsync(
            key, AggregationSet.AggregatedDeadline, AggregationSet.AggregatedDeadline, take: MostLeftSets);
        await Task.WhenAll(stale, aggregated).ConfigureAwait(false);

        return
        [
            .. (await stale.ConfigureAwait(false)).Concat(await aggregated.ConfigureAwait(false))
                .Select(entry => AggregationSet.Parse(queue, entry.Element.ToString(), (long)entry.Score))
                .OfType<AggregationSet>(),
        ];
    }

    public async Task<(int Returned, int Left)> ReturnSetAsync(AggregationSet set)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(set.Queue);
        using var reply = await LuaScripts.ReturnAggregationSet.RunAsync(
            database,
            keys: (RedisKey[])
            [
                queueKeys.Pending, queueKeys.Groups, queueKeys.Group(set.Group),
                set.Key,
                queueKeys.AggregationSets,
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

/// <summary>When a group is due.</summary>
/// <param name="GracePeriod">How long after the last task was added, in seconds.</param>
/// <param name="MaxDelay">How long after the first task was added, in seconds; 0 for no limit.</param>
/// <param name="MaxSize">How many tasks make a group due at once, and how many tasks a set has at most; 0 for no
/// limit.</param>
internal readonly record struct GroupLimits(long GracePeriod, long MaxDelay, int MaxSize);

/// <summary>The reply to a look at one page of a queue's groups.</summary>
/// <param name="Names">Groups that are due.</param>
/// <param name="NextDue">When the first of the other groups is due if no task is added to it; <see langword="null"/>
/// when there are no other groups.</param>
/// <param name="Cursor">The cursor of the next page; 0 after the last page.</param>
internal readonly record struct DueGroups(IReadOnlyList<string> Names, DateTimeOffset? NextDue, long Cursor);

/// <summary>The reply to one step of moving tasks into an aggregation set.</summary>
/// <param name="Size">How many tasks the set has; 0 when its group is not due.</param>
/// <param name="Bytes">The size of the messages moved.</param>
/// <param name="HasMore">More tasks belong to the set.</param>
internal readonly record struct StagedTasks(int Size, long Bytes, bool HasMore);

/// <summary>A task of an aggregation set.</summary>
/// <param name="TaskId">The id.</param>
/// <param name="Message">The stored message; <see langword="null"/> when the bytes are no message, or when the task is
/// gone.</param>
internal readonly record struct StagedTask(string TaskId, TaskMessage? Message);
