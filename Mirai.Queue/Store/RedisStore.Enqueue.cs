using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task EnqueueAsync(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await RegisterQueueAsync(database, route.Queue).ConfigureAwait(false);

        var arguments = EnqueueArguments(route, tasks);
        using var reply = await EnqueueScript(route)
            .RunAsync(database, EnqueueKeys(route, tasks), arguments.Memory).ConfigureAwait(false);
        arguments.Return();

        Settle(reply, tasks);
    }

    public async Task<bool> IsStoredAsync(NewTask task)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var stored = await database.HashGetAsync(RedisKeys.Task(task.Message.Queue, task.Message.Id), "msg")
            .ConfigureAwait(false);

        return stored.HasValue && ((ReadOnlyMemory<byte>)stored).Span.SequenceEqual(task.Encoded);
    }

    private static RedisScript EnqueueScript(EnqueueRoute route) => (route.Placement, route.Unique) switch
    {
        (Placement.Pending, false) => LuaScripts.Enqueue,
        (Placement.Pending, true) => LuaScripts.EnqueueUnique,
        (Placement.Scheduled, false) => LuaScripts.Schedule,
        (Placement.Scheduled, true) => LuaScripts.ScheduleUnique,
        (Placement.Group, false) => LuaScripts.AddToGroup,
        _ => LuaScripts.AddToGroupUnique,
    };

    private static ReadOnlyMemory<RedisKey> EnqueueKeys(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        var keys = new List<RedisKey>(route.Unique ? tasks.Count + 2 : 2) { RedisKeys.Pending(route.Queue) };
        if (route.Placement != Placement.Pending)
        {
            keys.Add(route.Placement == Placement.Scheduled
                ? RedisKeys.Scheduled(route.Queue)
                : RedisKeys.Groups(route.Queue));
        }

        if (route.Unique)
        {
            keys.AddRange(tasks.Select(task => (RedisKey)task.Message.UniqueKey));
        }

        return keys.ToArray();
    }

    private ScriptArguments EnqueueArguments(EnqueueRoute route, IReadOnlyList<NewTask> tasks)
    {
        const int Shared = 3, PerTask = 4; // the most that any of the scripts takes
        var arguments = new ScriptArguments(Shared + (PerTask * tasks.Count));
        AddShared(ref arguments, route);
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

    private void AddShared(ref ScriptArguments arguments, EnqueueRoute route)
    {
        switch (route.Placement)
        {
            case Placement.Pending:
                arguments.Add(WireTime.ToUnixNanoseconds(time.GetUtcNow()));
                arguments.Add(RedisKeys.TaskPrefix(route.Queue));
                arguments.Add(RedisKeys.WakeChannel(route.Queue));
                break;
            case Placement.Scheduled:
                arguments.Add(RedisKeys.TaskPrefix(route.Queue));
                arguments.Add(RedisKeys.WakeChannel(route.Queue));
                break;
            default:
                arguments.Add(RedisKeys.TaskPrefix(route.Queue));
                arguments.Add(RedisKeys.GroupPrefix(route.Queue));
                arguments.Add(WireTime.ToSeconds(time.GetUtcNow()));
                break;
        }
    }

    /// <summary>Reads a reply that names the refused tasks only, in their order.</summary>
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
