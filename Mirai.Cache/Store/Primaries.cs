using StackExchange.Redis;

namespace Mirai.Cache.Store;

/// <summary>Finds the servers that together hold every key.</summary>
internal static class Primaries
{
    /// <exception cref="RedisConnectionException">One of the servers is away: its keys would be missed.</exception>
    public static IReadOnlyList<IServer> Find(IConnectionMultiplexer connection)
    {
        var servers = connection.GetServers();
        var cluster = Array.Find(servers, server => server is { IsConnected: true, ServerType: ServerType.Cluster });
        var primaries = cluster?.ClusterConfiguration is { } topology
            ? topology.Nodes.Where(node => !node.IsReplica && node.Slots.Count > 0 && node.EndPoint is not null)
                .Select(node => connection.GetServer(node.EndPoint!)).ToList()
            : servers.Where(server => server is { IsConnected: true, IsReplica: false }).Take(1).ToList();

        return primaries.Count > 0 && primaries.TrueForAll(server => server.IsConnected)
            ? primaries
            : throw new RedisConnectionException(
                ConnectionFailureType.UnableToConnect, CommandFlags.None,
                "A Redis primary that holds a part of the keys is not connected.");
    }
}
