using Google.Protobuf;
using Mirai.Queue.Wire;
using RESPite.Messages;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    // One reply stays in this order of size, whatever the payloads: the task that crosses it is the last.
    internal const int MostBytesPerTake = 4 * 1024 * 1024;

    public async Task<TakenTasks> TakeAsync(string queue, int count, long leaseExpiry, bool withPendingSince)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.Take.RunAsync(
            database,
            keys: (RedisKey[])
                [RedisKeys.Pending(queue), RedisKeys.Paused(queue), RedisKeys.Active(queue), RedisKeys.Lease(queue)],
            arguments: (RedisValue[])
                [leaseExpiry, RedisKeys.TaskPrefix(queue), count, MostBytesPerTake, withPendingSince])
            .ConfigureAwait(false);

        return ReadTaken(reply, withPendingSince);
    }

    public async Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, long leaseExpiry)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.TakeWaiting.RunAsync(
            database,
            keys: (RedisKey[])
            [
                RedisKeys.Pending(queue), RedisKeys.Paused(queue), RedisKeys.Active(queue), RedisKeys.Lease(queue),
                RedisKeys.Retry(queue),
            ],
            arguments: (RedisValue[])
            [
                leaseExpiry, RedisKeys.TaskPrefix(queue), MostBytesPerTake,
                .. tasks.SelectMany(task => (RedisValue[])[task.Id, task.Due]),
            ]).ConfigureAwait(false);

        return ReadTaken(reply, withPendingSince: false);
    }

    private static TakenTasks ReadTaken(RespResult reply, bool withPendingSince)
    {
        var reader = reply.Read();
        var length = (reader.AggregateLength() - 2) / (withPendingSince ? 3 : 2);
        reader.MoveNext();
        var left = reader.ReadInt64();
        reader.MoveNext();
        var ghosts = reader.ReadInt64();
        if (length == 0)
        {
            return new TakenTasks([], left, ghosts);
        }

        var tasks = new TakenTask[length];
        for (var i = 0; i < length; i++)
        {
            reader.MoveNext();
            var id = reader; // a copy that stays on the id: it is read only if the message cannot be
            reader.MoveNext();
            var message = ReadMessage(ref reader);
            var pendingSince = 0L;
            if (withPendingSince)
            {
                reader.MoveNext();
                pendingSince = reader.TryReadInt64(out var nanoseconds) ? nanoseconds : 0;
            }

            tasks[i] = new TakenTask(message, message?.Id ?? id.ReadString()!, pendingSince);
        }

        return new TakenTasks(tasks, left, ghosts);
    }

    private static TaskMessage? ReadMessage(ref RespReader reader)
    {
        try
        {
            return reader.TryGetSpan(out var bytes)
                ? TaskMessage.Parser.ParseFrom(bytes)
                : TaskMessage.Parser.ParseFrom(reader.ReadByteArray());
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
