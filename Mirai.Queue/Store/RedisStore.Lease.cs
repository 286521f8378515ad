using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<IReadOnlyList<int>> ExtendLeaseAsync(
        string queue, IReadOnlyList<LeaseRenewal> leases, long leaseExpiry)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        var arguments = new ScriptArguments(1 + (2 * leases.Count));
        arguments.Add(leaseExpiry);
        foreach (var lease in leases)
        {
            arguments.Add(lease.TaskId);
            arguments.Add(lease.Lease);
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
            arguments: (RedisValue[])[lease.TaskId, lease.Written, result]).ConfigureAwait(false);

        return written == 1;
    }

    public async Task<IReadOnlyList<ExpiredTask>> ListExpiredAsync(
        string queue, long expiredBefore, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.ListExpiredLeases.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Lease],
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

    public Task<int> ReturnUntrackedAsync(
        string queue, long leaseExpiry, int count, IReadOnlyList<string> knownTaskIds)
    {
        var queueKeys = QueueKeys.Of(queue);
        return CountAsync(
            LuaScripts.ReturnUntracked,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Active, queueKeys.Lease],
            arguments: (RedisValue[])
            [
                queueKeys.TaskPrefix, queueKeys.WakeChannel, leaseExpiry, count,
                .. knownTaskIds.Select(id => (RedisValue)id),
            ]);
    }

    private static ExpiredTask[] ReadExpired(RespResult reply)
    {
        var reader = reply.Read();
        var tasks = new ExpiredTask[reader.AggregateLength() / 3];
        for (var i = 0; i < tasks.Length; i++)
        {
            reader.MoveNext();
            var id = reader.ReadString()!;
            reader.MoveNext();
            var lease = (long)reader.ReadDouble();
            reader.MoveNext();
            var isGhost = reader.ScalarIsEmpty();
            tasks[i] = new ExpiredTask(id, lease, isGhost ? null : ReadMessage(ref reader), isGhost);
        }

        return tasks;
    }
}

/// <summary>A lease to extend if it still belongs to this worker.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Lease">The expiry that this worker wrote last, in Unix seconds.</param>
/// <param name="Member">See <see cref="TaskLease.Member"/>.</param>
internal readonly record struct LeaseRenewal(string TaskId, long Lease, object? Member = null);

/// <summary>A task whose worker stopped renewing its lease.</summary>
/// <param name="TaskId">The id.</param>
/// <param name="Lease">The expiry of the lease, in Unix seconds.</param>
/// <param name="Message">The stored message; <see langword="null"/> when the bytes are no message.</param>
/// <param name="IsGhost">The id has a lease, but its task is gone.</param>
/// <param name="Member">See <see cref="TaskLease.Member"/>.</param>
internal readonly record struct ExpiredTask(
    string TaskId, long Lease, TaskMessage? Message, bool IsGhost, object? Member = null);
