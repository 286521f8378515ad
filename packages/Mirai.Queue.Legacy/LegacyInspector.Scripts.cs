using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The script that changes messages.</summary>
internal sealed partial class LegacyInspector
{
    // One script call compares at most so many entries of a list.
    private const long EntriesCompared = 100_000;

    /// <summary>Applies an action to messages. Messages that are gone are passed over.</summary>
    private async Task<BatchResult> ActAsync(
        IDatabase database, LegacyAction action, IReadOnlyList<LegacyChange> changes)
    {
        var most = QueueInspector.BatchSize;
        if (action.From.IsList)
        {
            var length = await database.ListLengthAsync(action.From.Key).ConfigureAwait(false);
            most = (int)Math.Clamp(EntriesCompared / Math.Max(length, 1), 1, most);
        }

        var done = 0;
        foreach (var chunk in changes.Chunk(most))
        {
            done += await MoveAsync(database, action, chunk).ConfigureAwait(false);
        }

        return done > 0 && action is { To.State: TaskState.Archived }
            ? new BatchResult(done) { Trimmed = await TrimAsync(action.Queue).ConfigureAwait(false) }
            : new BatchResult(done);
    }

    private static async Task<int> MoveAsync(IDatabase database, LegacyAction action, LegacyChange[] changes)
    {
        List<RedisKey> keys = [LegacyKeys.Queues, action.From.Key, (action.To ?? action.From).Key];
        RedisValue[] arguments =
        [
            action.From.IsList ? (action.FromHead ? 1 : -1) : RedisValue.EmptyString,
            action.To is null ? RedisValue.EmptyString : action.To.IsList ? "list" : "zset",
            action.Wakes ? LegacyKeys.Wake(action.Queue) : RedisValue.EmptyString,
            .. changes.SelectMany(change => Arguments(action, change, keys)),
        ];
        using var reply = await LegacyScripts.Move.RunAsync(database, keys.ToArray(), arguments).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32();
    }

    private static RedisValue[] Arguments(LegacyAction action, LegacyChange change, List<RedisKey> keys)
    {
        var (entry, lockIndex) = (change.Entry, 0);
        if (action.AdjustsLocks && entry.Message is { UniqueKey.Length: > 0 } message)
        {
            keys.Add(message.UniqueKey);
            lockIndex = keys.Count; // Lua counts from 1
        }

        return
        [
            entry.Stored, entry.Score, change.Message, action.Score ?? entry.Score, lockIndex,
            entry.Message?.Id.ToString() ?? "",
        ];
    }

    private async Task<long> TrimAsync(string queue)
    {
        var total = 0L;
        int trimmed;
        do
        {
            trimmed = await store.TrimArchiveAsync(queue, QueueInspector.BatchSize).ConfigureAwait(false);
            total += trimmed;
        }
        while (trimmed == QueueInspector.BatchSize);

        return total;
    }
}
