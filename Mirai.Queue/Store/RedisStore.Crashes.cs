using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    private const int MostServers = 10_000;

    public async Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync()
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var servers = await database.SortedSetRangeByRankWithScoresAsync(
            SharedKeys.Servers, -MostServers, -1).ConfigureAwait(false);

        return Array.ConvertAll(servers, entry => new Heartbeat(entry.Element.ToString(), entry.Score));
    }

    public async Task<bool> HasRecordAsync(string server)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        return await database.KeyExistsAsync(server).ConfigureAwait(false);
    }

    public async Task UnlistAsync(string server)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        await Task.WhenAll(
            database.SortedSetRemoveAsync(SharedKeys.Servers, server),
            database.SortedSetRemoveAsync(SharedKeys.Workers, SharedKeys.WorkersOf(server))).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<SeenLease>> ListLeasesAsync(string queue, int count)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var leases = await database.SortedSetRangeByRankWithScoresAsync(
            QueueKeys.Of(queue).Lease, 0, count - 1).ConfigureAwait(false);

        return Array.ConvertAll(leases, entry => new SeenLease(entry.Element.ToString(), entry.Score));
    }

    public async Task<IReadOnlyList<string>> FindPublishedAsync(string server, IReadOnlyList<string> taskIds)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LuaScripts.FindPublished.RunAsync(
            database,
            keys: (RedisKey[])[server, SharedKeys.WorkersOf(server)],
            arguments: (RedisValue[])[.. taskIds.Select(id => (RedisValue)id)]).ConfigureAwait(false);

        return ReadPositions(reply).ConvertAll(position => taskIds[position]);
    }

    public async Task<HandOver> HandOverAsync(string queue, IReadOnlyList<SeenLease> leases, int crashLimit)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queueKeys = QueueKeys.Of(queue);
        using var reply = await LuaScripts.HandOver.RunAsync(
            database,
            keys: (RedisKey[])[queueKeys.Pending, queueKeys.Active, queueKeys.Lease, queueKeys.Retry],
            arguments: (RedisValue[])
            [
                queueKeys.TaskPrefix, queueKeys.WakeChannel, crashLimit, WireTime.ToSeconds(time.GetUtcNow()),
                .. leases.SelectMany(lease => (RedisValue[])[lease.TaskId, lease.Score]),
            ]).ConfigureAwait(false);

        return ReadHandOver(reply);
    }

    private static HandOver ReadHandOver(RespResult reply)
    {
        var reader = reply.Read();
        var tasks = new CrashedTask[(reader.AggregateLength() - 1) / 3];
        reader.MoveNext();
        var requeued = reader.ReadInt32();
        for (var i = 0; i < tasks.Length; i++)
        {
            reader.MoveNext();
            var id = reader.ReadString()!;
            reader.MoveNext();
            var message = ReadMessage(ref reader);
            reader.MoveNext();
            tasks[i] = new CrashedTask(id, message, reader.ReadInt32());
        }

        return new HandOver(requeued, tasks);
    }
}
