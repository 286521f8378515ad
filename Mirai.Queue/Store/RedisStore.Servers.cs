using Google.Protobuf;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Store;

internal sealed partial class RedisStore
{
    private const int QueuesPerPage = 1_000;

    public async Task<long> WriteServerStateAsync(ServerState state, TimeSpan lifetime)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var (server, workers) = StateKeys(state.Server);
        var expiry = WireTime.ToSeconds(time.GetUtcNow() + lifetime);

        // The lists of servers and workers lie in other slots of a cluster. Readers ignore a name on a list whose key
        // is missing.
        var listed = Task.WhenAll(
            ListAsync(database, SharedKeys.Servers, server, expiry),
            ListAsync(database, SharedKeys.Workers, workers, expiry));
        using var reply = await LuaScripts.WriteServerState.RunAsync(
            database,
            keys: (RedisKey[])[server, workers],
            arguments: StateArguments(state, lifetime)).ConfigureAwait(false);
        await listed.ConfigureAwait(false);

        return reply.ReadScalar().ReadInt64();
    }

    public async Task ClearServerStateAsync(ServerInfo serverInfo)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var (server, workers) = StateKeys(serverInfo);
        var unlisted = Task.WhenAll(
            database.SortedSetRemoveAsync(SharedKeys.Servers, server),
            database.SortedSetRemoveAsync(SharedKeys.Workers, workers));
        using var reply = await LuaScripts.ClearServerState.RunAsync(
            database, keys: (RedisKey[])[server, workers], arguments: default).ConfigureAwait(false);
        await unlisted.ConfigureAwait(false);
    }

    public async Task<IReadOnlySet<string>> ListQueuesAsync()
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var queues = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var name in database.SetScanAsync(SharedKeys.Queues, pageSize: QueuesPerPage)
            .ConfigureAwait(false))
        {
            queues.Add(name.ToString());
        }

        return queues;
    }

    // A script and not ZADD, which a full Redis refuses.
    private static async Task ListAsync(IDatabase database, string list, string process, long expiry)
    {
        using var reply = await LuaScripts.ListProcess.RunAsync(
            database, keys: (RedisKey[])[list], arguments: (RedisValue[])[expiry, process]).ConfigureAwait(false);
    }

    private static (string Server, string Workers) StateKeys(ServerInfo server) => (
        SharedKeys.Server(server.Host, server.Pid, server.ServerId),
        SharedKeys.ServerWorkers(server.Host, server.Pid, server.ServerId));

    private static RedisValue[] StateArguments(ServerState state, TimeSpan lifetime) =>
    [
        WireTime.ToSeconds(lifetime),
        state.Server.ToByteArray(),
        state.IsWhole,
        state.Ended.Count,
        .. state.Ended.Select(id => (RedisValue)id),
        .. state.Begun.SelectMany(worker => (RedisValue[])[worker.TaskId, worker.ToByteArray()]),
    ];
}

/// <summary>What a heartbeat publishes.</summary>
/// <param name="Server">The server.</param>
/// <param name="IsWhole">The tasks that begin with this call are all that run: others are forgotten.</param>
/// <param name="Ended">Ids of tasks that were published and have ended.</param>
/// <param name="Begun">Running tasks that were not published yet.</param>
internal sealed record ServerState(
    ServerInfo Server, bool IsWhole, IReadOnlyList<string> Ended, IReadOnlyList<WorkerInfo> Begun);
