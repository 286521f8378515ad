using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public NewTask CreateTask(QueueTask task, EnqueueOptions options, DateTimeOffset now) =>
        NewTask.Create(task, options, now);

    public async Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, route.Queue).ConfigureAwait(false);

        var arguments = EnqueueArguments(route, tasks);
        using var reply = await EnqueueScript(route.Placement)
            .RunAsync(database, EnqueueKeys(route, tasks), arguments.Memory).ConfigureAwait(false);
        arguments.Return();

        Settle(reply, tasks);
    }

    public async Task<bool> IsStoredAsync(NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var stored = await database.HashGetAsync(QueueKeys.Of(task.Message.Queue).Task(task.Message.Id), "msg")
            .ConfigureAwait(false);

        return stored.HasValue && IsSame((ReadOnlyMemory<byte>)stored, task);
    }

    // An attempt that failed, or a success, has changed the message of a task that is still the same.
    private static bool IsSame(ReadOnlyMemory<byte> stored, NewTask task)
    {
        if (stored.Span.SequenceEqual(task.Encoded))
        {
            return true;
        }

        try
        {
            var message = TaskMessage.Parser.ParseFrom(stored.Span);
            (message.Retried, message.ErrorMsg, message.LastFailedAt, message.CompletedAt) = (0, "", 0, 0);

            return message.Equals(task.Message);
        }
        catch (InvalidProtocolBufferException)
        {
            return false; // of another program
        }
    }

    private static RedisScript EnqueueScript(Placement placement) => placement switch
    {
        Placement.Pending => LuaScripts.Enqueue,
        Placement.Scheduled => LuaScripts.Schedule,
        _ => LuaScripts.AddToGroup,
    };

    private static RedisKey[] EnqueueKeys(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var queue = QueueKeys.Of(route.Queue);
        var firstLock = route.Placement == Placement.Pending ? 1 : 2;
        var keys = new RedisKey[firstLock + (route.Unique ? tasks.Count : 0)];
        keys[0] = queue.Pending;
        if (route.Placement != Placement.Pending)
        {
            keys[1] = route.Placement == Placement.Scheduled ? queue.Scheduled : queue.Groups;
        }

        for (var i = firstLock; i < keys.Length; i++)
        {
            keys[i] = tasks[i - firstLock].Message.UniqueKey;
        }

        return keys;
    }

    private ScriptArguments EnqueueArguments(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        const int Shared = 3, PerTask = 4; // the largest numbers that any of the scripts takes
        var arguments = new ScriptArguments(Shared + (PerTask * tasks.Count));
        AddShared(ref arguments, route.Placement, QueueKeys.Of(route.Queue));
        foreach (var task in tasks)
        {
            arguments.Add(task.Message.Id);
            arguments.Add(task.Encoded);
            if (route.Placement == Placement.Scheduled)
            {
                arguments.Add(WireTime.ToSeconds(task.ProcessAt));
            }
            else if (route.Placement == Placement.Group)
            {
                arguments.Add(task.Message.GroupKey);
            }

            if (route.Unique)
            {
                arguments.Add(WireTime.ToSeconds(task.LockLifetime));
            }
        }

        return arguments;
    }

    private void AddShared(ref ScriptArguments arguments, Placement placement, QueueKeys queue)
    {
        arguments.Add(queue.TaskPrefix);
        arguments.Add(placement == Placement.Group ? queue.GroupPrefix : queue.WakeChannel);
        if (placement != Placement.Scheduled)
        {
            var now = time.GetUtcNow();
            arguments.Add(placement == Placement.Group ? WireTime.ToSeconds(now) : WireTime.ToUnixNanoseconds(now));
        }
    }

    /// <summary>The keys of <c>add_one_task.lua</c>; the lock comes last.</summary>
    private static RedisKey[] AddOneKeys(NewTask task, params ReadOnlySpan<RedisKey> others)
    {
        var queue = QueueKeys.Of(task.Route.Queue);
        RedisKey[] keys =
        [
            queue.Pending, queue.Groups,
            task.Route.Placement == Placement.Group ? queue.Group(task.Message.GroupKey) : queue.Scheduled,
            .. others,
        ];

        return task.Route.Unique ? [.. keys, task.Message.UniqueKey] : keys;
    }

    /// <summary>The arguments of <c>add_one_task.lua</c>.</summary>
    private RedisValue[] AddOneArguments(NewTask task, params ReadOnlySpan<RedisValue> others)
    {
        var queue = QueueKeys.Of(task.Route.Queue);
        var now = time.GetUtcNow();
        (string State, long Time) place = task.Route.Placement switch
        {
            Placement.Pending => ("pending", WireTime.ToUnixNanoseconds(now)),
            Placement.Scheduled => ("scheduled", WireTime.ToSeconds(task.ProcessAt)),
            _ => ("aggregating", WireTime.ToSeconds(now)),
        };

        return
        [
            queue.TaskPrefix, queue.WakeChannel, task.Message.Id, task.Encoded, place.State, place.Time,
            task.Message.GroupKey, WireTime.ToSeconds(task.LockLifetime), .. others,
        ];
    }

    /// <summary>Reads a reply that names only the refused tasks, in their order.</summary>
    internal static void Settle(RespResult reply, IReadOnlyList<NewTask> tasks)
    {
        var reader = reply.Read();
        var refused = reader.AggregateLength() / 2;
        var position = 0;
        for (; refused > 0; refused--)
        {
            reader.MoveNext();
            for (var next = reader.ReadInt32() - 1; position < next; position++) // Lua counts from 1
            {
                tasks[position].Settle(EnqueueStatus.Enqueued);
            }

            reader.MoveNext();
            var owner = reader.ReadString();
            tasks[position++].Settle(
                string.IsNullOrEmpty(owner) ? EnqueueStatus.TaskIdConflict : EnqueueStatus.Duplicate, owner);
        }

        for (; position < tasks.Count; position++)
        {
            tasks[position].Settle(EnqueueStatus.Enqueued);
        }
    }
}
