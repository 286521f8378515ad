using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>Moves tasks from the legacy layout to the current one, a batch at a time.</summary>
internal sealed class LegacyMover(RedisConnection connection, TimeProvider time)
{
    /// <summary>Most tasks of one step: below a millisecond of Redis' time.</summary>
    public const int Batch = 100;

    private const int FirstLock = 5;

    /// <summary>Reads messages of a place, the oldest or first due first, after <paramref name="skip"/>
    /// others.</summary>
    public async Task<IReadOnlyList<LegacyEntry>> ReadAsync(LegacyPlace place, int skip)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        if (place.IsList)
        {
            var messages = await database.ListRangeAsync(place.Key, -skip - Batch, -skip - 1).ConfigureAwait(false);
            return [.. messages.Reverse().Select(message => LegacyEntry.Read(place, message, score: 0))];
        }

        var entries = await database.SortedSetRangeByRankWithScoresAsync(place.Key, skip, skip + Batch - 1)
            .ConfigureAwait(false);
        return [.. entries.Select(entry => LegacyEntry.Read(place, entry.Element, entry.Score))];
    }

    /// <summary>Moves a batch of a place.</summary>
    public async Task<LegacyMove> MoveAsync(LegacyPlace place, int skip)
    {
        var entries = await ReadAsync(place, skip).ConfigureAwait(false);
        var left = entries.Where(entry => entry.Message is null).Select(entry => Unreadable(place)).ToList();
        var moved = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tasks in entries.Where(entry => entry.Message is not null).GroupBy(entry => entry.Queue))
        {
            var (count, conflicts) = await MoveAsync(place, tasks.Key, [.. tasks]).ConfigureAwait(false);
            moved[tasks.Key] = count;
            left.AddRange(conflicts);
        }

        return new LegacyMove(entries.Count, moved, left);
    }

    /// <summary>Makes a queue known to the current layout, and takes its list off the register if that is
    /// empty.</summary>
    public Task RegisterAsync(LegacyPlace list) => MoveAsync(list, LegacyKeys.NameOf(list.Key), []);

    /// <summary>Pauses a queue of the current layout in the place of the legacy one.</summary>
    public async Task<bool> MovePauseAsync(string listKey)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queue = LegacyKeys.NameOf(listKey);
        using var reply = await LegacyScripts.MigratePause.RunAsync(
            database,
            keys: (RedisKey[])[LegacyKeys.Queues, QueueKeys.Of(queue).Paused, LegacyKeys.Paused],
            arguments: (RedisValue[])[listKey, WireTime.ToSeconds(time.GetUtcNow()), queue]).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt32() == 1;
    }

    public static LegacyLeftTask Unreadable(LegacyPlace place) => new(place.Key, null, "The message cannot be read.");

    private async Task<(int Moved, List<LegacyLeftTask> Conflicts)> MoveAsync(
        LegacyPlace place, string queue, IReadOnlyList<LegacyEntry> entries)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        List<RedisKey> keys = [LegacyKeys.Queues, QueueKeys.Of(queue).Pending, place.Key, place.SetOf(queue)];
        keys[3] = place.IsList ? QueueKeys.Of(queue).Scheduled : keys[3]; // a name that is a set in any case
        RedisValue[] arguments =
        [
            QueueKeys.Of(queue).TaskPrefix, QueueKeys.Of(queue).WakeChannel, queue, place.Word,
            WireTime.ToUnixNanoseconds(time.GetUtcNow()),
            .. entries.SelectMany(entry => Arguments(place, entry, keys)),
        ];
        using var reply = await LegacyScripts.MigrateTasks.RunAsync(database, keys.ToArray(), arguments)
            .ConfigureAwait(false);

        return Read(reply, place, entries);
    }

    private static RedisValue[] Arguments(LegacyPlace place, LegacyEntry entry, List<RedisKey> keys)
    {
        var message = Convert(place, entry);
        var lockIndex = 0;
        if (message.UniqueKey.Length > 0)
        {
            lockIndex = keys.Count + 1; // Lua counts from 1
            keys.AddRange([entry.Message!.UniqueKey, message.UniqueKey]);
        }

        return [entry.Stored, message.Id, message.ToByteArray(), lockIndex >= FirstLock ? lockIndex : 0];
    }

    // As Asynq's own migration does it: the payload is the text of the JSON, "null" if there was none, and the lock is
    // that of the new payload.
    private static TaskMessage Convert(LegacyPlace place, LegacyEntry entry)
    {
        var message = entry.Message!.ToTaskMessage();
        message.Queue = entry.Queue;
        message.Payload = ByteString.CopyFromUtf8(entry.Message.Payload ?? "null");
        message.UniqueKey = message.UniqueKey.Length == 0
            ? ""
            : UniqueKey.For(entry.Queue, message.Type, message.Payload.Memory);
        message.LastFailedAt = place.State == TaskState.Archived ? (long)entry.Score : 0;

        return message;
    }

    private static (int Moved, List<LegacyLeftTask> Conflicts) Read(
        RespResult reply, LegacyPlace place, IReadOnlyList<LegacyEntry> entries)
    {
        var reader = reply.Read();
        var conflicts = new List<LegacyLeftTask>(reader.AggregateLength() - 1);
        reader.MoveNext();
        var moved = reader.ReadInt32();
        while (conflicts.Count < conflicts.Capacity)
        {
            reader.MoveNext();
            var id = entries[reader.ReadInt32() - 1].Message!.Id.ToString();
            conflicts.Add(new LegacyLeftTask(place.Key, id, "The current layout has a task with this id."));
        }

        return (moved, conflicts);
    }
}
