using Google.Protobuf;
using Mirai.Queue.Wire;
using RESPite.Messages;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    // The limit of one reply: the task that crosses the limit is the last one taken.
    internal const int MostBytesPerTake = 4 * 1024 * 1024;

    public async Task<TakenTasks> TakeAsync(string queue, int count, LeaseStamp lease, bool withPendingSince)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.Take.RunAsync(
            database,
            keys: (RedisKey[])
                [queueKeys.Pending, queueKeys.Paused, queueKeys.Active, queueKeys.Lease],
            arguments: (RedisValue[])
                [lease.Score, queueKeys.TaskPrefix, count, MostBytesPerTake, withPendingSince])
            .ConfigureAwait(false);

        return ReadTaken(reply, withPendingSince);
    }

    public async Task<TakenTasks> TakeWaitingAsync(string queue, IReadOnlyList<WaitingTask> tasks, LeaseStamp lease)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.TakeWaiting.RunAsync(
            database,
            keys: (RedisKey[])
            [
                queueKeys.Pending, queueKeys.Paused, queueKeys.Active, queueKeys.Lease,
                queueKeys.Retry,
            ],
            arguments: (RedisValue[])
            [
                lease.Score, queueKeys.TaskPrefix, MostBytesPerTake,
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
            var id = reader; // a copy that stays on the id, which is read only if the message is unreadable
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

/// <summary>The reply to one take.</summary>
/// <param name="Tasks">The tasks that now belong to this worker, the oldest first.</param>
/// <param name="Left">How many tasks are still pending; 0 while the queue is paused.</param>
/// <param name="Ghosts">How many ids were dropped because their task is gone.</param>
internal readonly record struct TakenTasks(IReadOnlyList<TakenTask> Tasks, long Left, long Ghosts);

/// <summary>A task that now belongs to this worker.</summary>
/// <param name="Message">The stored message; <see langword="null"/> when the bytes are no message.</param>
/// <param name="Id">The id in the list. It is the id of the message, unless the message is unreadable.</param>
/// <param name="PendingSince">When the task became pending, in Unix nanoseconds; 0 if that was not recorded or not
/// asked for.</param>
/// <param name="Member">See <see cref="TaskLease.Member"/>.</param>
internal readonly record struct TakenTask(TaskMessage? Message, string Id, long PendingSince, object? Member = null);

/// <summary>A task that its worker deferred because its type was at its limit.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Due">When the forwarder makes it pending again, in Unix seconds.</param>
internal readonly record struct WaitingTask(string Id, long Due);
