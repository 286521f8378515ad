using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    public async Task<IReadOnlyList<int>> ExtendLeaseAsync(
        string queue, IReadOnlyList<LeaseRenewal> leases, long leaseExpiry)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var arguments = new ScriptArguments(1 + (2 * leases.Count));
        arguments.Add(leaseExpiry);
        foreach (var lease in leases)
        {
            arguments.Add(lease.TaskId);
            arguments.Add(lease.Lease);
        }

        using var reply = await LuaScripts.ExtendLease.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Lease(queue)],
            arguments.Memory).ConfigureAwait(false);
        arguments.Return();

        return ReadPositions(reply);
    }

    public async Task<bool> WriteResultAsync(TaskLease lease, ReadOnlyMemory<byte> result) =>
        await CountAsync(
            LuaScripts.WriteResult,
            keys: (RedisKey[])
            [
                RedisKeys.Pending(lease.Queue), RedisKeys.Lease(lease.Queue), RedisKeys.Task(
                    lease.Queue, lease.TaskId),
            ],
            arguments: (RedisValue[])[lease.TaskId, lease.Written, result]).ConfigureAwait(false) == 1;

    public async Task<IReadOnlyList<ExpiredTask>> ListExpiredAsync(
        string queue, long expiredBefore, int skip, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.ListExpiredLeases.RunAsync(
            database,
            keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Lease(queue)],
            arguments: (RedisValue[])[expiredBefore, RedisKeys.TaskPrefix(queue), skip, count]).ConfigureAwait(false);

        return ReadExpired(reply);
    }

    public Task<int> DropGhostsAsync(string queue, long expiredBefore, IReadOnlyList<string> taskIds) => CountAsync(
        LuaScripts.DropGhosts,
        keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Active(queue), RedisKeys.Lease(queue)],
        arguments: (RedisValue[])
            [RedisKeys.TaskPrefix(queue), expiredBefore, .. taskIds.Select(id => (RedisValue)id)]);

    public Task<int> ReturnUntrackedAsync(
        string queue, long leaseExpiry, int count, IReadOnlyList<string> knownTaskIds) => CountAsync(
        LuaScripts.ReturnUntracked,
        keys: (RedisKey[])[RedisKeys.Pending(queue), RedisKeys.Active(queue), RedisKeys.Lease(queue)],
        arguments: (RedisValue[])
        [
            RedisKeys.TaskPrefix(queue), RedisKeys.WakeChannel(queue), leaseExpiry, count,
            .. knownTaskIds.Select(id => (RedisValue)id),
        ]);

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
