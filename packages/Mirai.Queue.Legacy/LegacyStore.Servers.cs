using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyStore
{
    private const int QueuesPerPage = 1_000;

    public async Task<long> WriteServerStateAsync(ServerState state, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.WriteServer.RunAsync(
            database,
            keys: ServerKeys(state.Server),
            arguments: (RedisValue[])
            [
                WireTime.ToSeconds(time.GetUtcNow() + lifetime), WireTime.ToSeconds(lifetime),
                LegacyServerJson.Server(state.Server), state.IsWhole,
                state.Ended.Count, .. state.Ended.Select(id => (RedisValue)id),
                .. state.Begun.SelectMany(worker => (RedisValue[])[worker.TaskId, LegacyServerJson.Worker(worker)]),
            ]).ConfigureAwait(false);

        return reply.ReadScalar().ReadInt64();
    }

    public async Task ClearServerStateAsync(ServerInfo server)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        using var reply = await LegacyScripts.ClearServer.RunAsync(
            database, keys: ServerKeys(server), arguments: default).ConfigureAwait(false);
    }

    public async Task<IReadOnlySet<string>> ListQueuesAsync()
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queues = new HashSet<string>(StringComparer.Ordinal);
        var keys = database.SetScanAsync(LegacyKeys.Queues, pageSize: QueuesPerPage);
        await foreach (var key in keys.ConfigureAwait(false))
        {
            if (LegacyKeys.IsQueue(key.ToString()))
            {
                queues.Add(LegacyKeys.NameOf(key.ToString()));
            }
        }

        return queues;
    }

    private static RedisKey[] ServerKeys(ServerInfo server) =>
    [
        LegacyKeys.Queues, LegacyKeys.Servers, LegacyKeys.Workers,
        LegacyKeys.Server(server.Host, server.Pid, server.ServerId),
        LegacyKeys.ServerWorkers(server.Host, server.Pid, server.ServerId),
    ];
}
