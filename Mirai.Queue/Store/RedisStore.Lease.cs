using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<IReadOnlyList<int>> ExtendLeaseAsync(
        string queue, IReadOnlyList<TaskLease> leases, long leaseExpiry)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        var arguments = new ScriptArguments(1 + (2 * leases.Count));
        arguments.Add(leaseExpiry);
        foreach (var lease in leases)
        {
            arguments.Add(lease.TaskId);
            arguments.Add(lease.Fence);
        }

        using var reply = await LuaScripts.ExtendLease.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Lease],
            arguments.Memory).ConfigureAwait(false);
        arguments.Return();

        return ReadPositions(reply);
    }

    public async Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result)
    {
        var queueKeys = QueueKeys.Of(lease.Queue);
        var written = await CountAsync(
            LuaScripts.WriteResult,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Lease, queueKeys.Task(lease.TaskId)],
            arguments: (RedisValue[])[lease.TaskId, lease.Fence, result]).ConfigureAwait(false);

        return written == 1;
    }

    public async Task<ExpiredTasks> ListExpiredAsync(
        string queue, long expiredBefore, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.ListExpiredLeases.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Lease, queueKeys.Active],
            arguments: (RedisValue[])[expiredBefore, queueKeys.TaskPrefix, skip, count]).ConfigureAwait(false);

        return ReadExpired(reply);
    }

    public Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds)
    {
        var queueKeys = QueueKeys.Of(queue);
        return CountAsync(
            LuaScripts.DropGhosts,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Active, queueKeys.Lease],
            arguments: (RedisValue[])
                [queueKeys.TaskPrefix, expiredBefore, .. taskIds.Select(id => (RedisValue)id)]);
    }

    public async Task<RepairedTasks> RepairActiveAsync(string queue, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.RepairActive.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Active, queueKeys.Lease, queueKeys.Deadlines],
            arguments: (RedisValue[])[queueKeys.TaskPrefix, queueKeys.WakeChannel, skip, count])
            .ConfigureAwait(false);
        var reader = reply.Read();
        reader.MoveNext();
        var seen = reader.ReadInt32();
        reader.MoveNext();
        var requeued = reader.ReadInt32();
        reader.MoveNext();

        return new RepairedTasks(seen, requeued, reader.ReadInt32());
    }

    public Task<int> ReturnUntrackedAsync(
        string queue, LeaseStamp take, int count)
    {
        var queueKeys = QueueKeys.Of(queue);
        return CountAsync(
            LuaScripts.ReturnUntracked,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Active, queueKeys.Lease],
            arguments: (RedisValue[])
                [queueKeys.TaskPrefix, queueKeys.WakeChannel, take.Score, count]);
    }

    private static ExpiredTasks ReadExpired(RespResult reply)
    {
        var reader = reply.Read();
        var tasks = new ExpiredTask[(reader.AggregateLength() - 1) / 3];
        reader.MoveNext();
        var isUneven = reader.ReadInt64() != 0;
        for (var i = 0; i < tasks.Length; i++)
        {
            reader.MoveNext();
            var id = reader.ReadString()!;
            reader.MoveNext();
            var lease = reader.ReadDouble();
            reader.MoveNext();
            var isGhost = reader.ScalarIsEmpty();
            tasks[i] = new ExpiredTask(id, lease, isGhost ? null : ReadMessage(ref reader), isGhost);
        }

        return new ExpiredTasks(tasks, isUneven);
    }
}

/// <summary>One page of expired leases.</summary>
/// <param name="Tasks">The tasks, the oldest lease first.</param>
/// <param name="IsUneven">The queue has a running task without a lease, or a lease without a running task.</param>
internal readonly record struct ExpiredTasks(IReadOnlyList<ExpiredTask> Tasks, bool IsUneven);

/// <summary>What the repair of one page of running tasks did.</summary>
/// <param name="Seen">How many tasks were looked at.</param>
/// <param name="Requeued">Tasks without a lease, which were requeued.</param>
/// <param name="Ghosts">Ids without a task, which were dropped.</param>
internal readonly record struct RepairedTasks(int Seen, int Requeued, int Ghosts);

/// <summary>A task whose worker stopped renewing its lease.</summary>
/// <param name="TaskId">The id.</param>
/// <param name="Lease">The score of the lease: its end in Unix seconds, and the token of the take.</param>
/// <param name="Message">The stored message; <see langword="null"/> when the bytes are no message.</param>
/// <param name="IsGhost">The id has a lease, but its task is gone.</param>
/// <param name="Member">See <see cref="TaskLease.Member"/>.</param>
internal readonly record struct ExpiredTask(
    string TaskId, double Lease, TaskMessage? Message, bool IsGhost, object? Member = null);
