using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyStore
{
    /// <summary>Moves tasks of all queues: they wait in common sets.</summary>
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
    public async Task<IReadOnlyList<ExpiredTask>> ListExpiredAsync(
        string queue, long expiredBefore, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var entries = await database.SortedSetRangeByScoreWithScoresAsync(
            LegacyKeys.Deadlines, stop: expiredBefore, skip: skip, take: count).ConfigureAwait(false);

        return Array.ConvertAll(entries, Expired);
    }

    /// <summary>There are no ghosts where the task is its own entry.</summary>
    public Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds) =>
        Task.FromResult(0);

    /// <summary>Nothing tells such tasks from those of other workers: they come back when their deadline is
    /// over.</summary>
    public Task<int> ReturnUntrackedAsync(
        string queue, long leaseExpiry, int count, IReadOnlyList<string> knownTaskIds) => Task.FromResult(0);

    /// <summary>No task is kept after success.</summary>
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
            message?.Id ?? LegacyTakes.Unreadable, (long)entry.Score, message, IsGhost: false,
            new StoredMember(stored, entry.Score));
    }
}
