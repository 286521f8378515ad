using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyStore
{
    /// <summary>Moves due tasks of all queues, which share the sets of this layout.</summary>
    public async Task<ForwardResult> ForwardAsync(string queue)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.Forward.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, LegacyKeys.Scheduled, LegacyKeys.Retry, LegacyKeys.Dead],
            arguments: (RedisValue[])
            [
                WireTime.ToSeconds(time.GetUtcNow()), LegacyKeys.QueuePrefix, LegacyKeys.WakePrefix,
                RedisStore.ForwardBatch,
            ]).ConfigureAwait(false);

        return RedisStore.ReadForwarded(reply);
    }

    /// <summary>Lists tasks of all queues whose deadline has passed.</summary>
    public async Task<ExpiredTasks> ListExpiredAsync(
        string queue, long expiredBefore, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var entries = await database.SortedSetRangeByScoreWithScoresAsync(
            LegacyKeys.Deadlines, stop: expiredBefore, skip: skip, take: count).ConfigureAwait(false);

        return new ExpiredTasks(Array.ConvertAll(entries, Expired), IsUneven: false);
    }

    /// <summary>What Asynq 0.11 writes: a task of this layout has a deadline and no lease.</summary>
    public string ExpiredText => "deadline exceeded";

    /// <summary>Does nothing: this layout has no ghosts, because the message is the entry.</summary>
    public Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds) =>
        Task.FromResult(0);

    /// <summary>Does nothing: this layout has no leases.</summary>
    public Task<RepairedTasks> RepairActiveAsync(string queue, int skip, int count) =>
        Task.FromResult(default(RepairedTasks));

    /// <summary>Does nothing: such tasks look like the tasks of other workers. They return when their deadline is
    /// over.</summary>
    public Task<int> ReturnUntrackedAsync(string queue, LeaseStamp take, int count) => Task.FromResult(0);

    /// <summary>Does nothing: this layout keeps no task after success.</summary>
    public Task<int> DeleteExpiredCompletedAsync(string queue, int count) => Task.FromResult(0);

    public async Task<int> TrimArchiveAsync(string queue, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.TrimDead.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, LegacyKeys.Dead],
            arguments: (RedisValue[])[RedisStore.OldestArchived(time), RedisStore.MostArchived, count])
            .ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32();
    }

    private static ExpiredTask Expired(SortedSetEntry entry)
    {
        ReadOnlyMemory<byte> stored = entry.Element;
        var message = LegacyMessage.Decode(stored)?.ToTaskMessage();

        return new ExpiredTask(
            message?.Id ?? LegacyTakes.Unreadable, entry.Score, message, IsGhost: false,
            new LegacyMember(stored, entry.Score));
    }
}
