using StackExchange.Redis;

namespace Mirai.Queue.Driver.Snapshot;

/// <summary>The keys of a database.</summary>
internal static class KeyList
{
    private const int PageSize = 1_000;

    /// <summary>All of them in the order of their bytes: those of every primary, should it be a cluster.</summary>
    public static async Task<IReadOnlyList<RedisKey>> ReadAsync(IConnectionMultiplexer connection)
    {
        var database = connection.GetDatabase().Database;
        var keys = new HashSet<RedisKey>(); // a scan may name a key twice
        var primaries = connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false });
        foreach (var server in primaries)
        {
            await foreach (var key in server.KeysAsync(database, pageSize: PageSize))
            {
                keys.Add(key);
            }
        }

        return [.. keys.OrderBy(key => key.ToString(), StringComparer.Ordinal)];
    }
}
