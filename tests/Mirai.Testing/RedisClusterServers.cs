using System.Globalization;
using Mirai.Local.Redis;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>A Redis Cluster of three primaries on this machine, without replicas.</summary>
public sealed class RedisClusterServers : IRedisServer
{
    private const int Slots = 16_384;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly RedisServerProcess[] nodes;

    private RedisClusterServers(RedisServerProcess[] nodes) => this.nodes = nodes;

    public IReadOnlyList<RedisServerProcess> Nodes => nodes;

    public string Url => string.Join(',', nodes.Select(node => node.Url));

    public string Description => $"a Redis Cluster of {nodes.Length} redis-server on {Url}";

    public static async Task<RedisClusterServers> StartAsync(string executable)
    {
        var cluster = new RedisClusterServers(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            RedisServerProcess.StartTemporaryAsync(
                executable, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))));
        try
        {
            for (var index = 0; index < cluster.nodes.Length; index++)
            {
                await cluster.JoinAsync(index);
            }

            await cluster.WaitUntilEveryNodeAgreesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task JoinAsync(int index)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{nodes[index].Url},allowAdmin=true");
        var server = connection.GetServers()[0];
        await server.ExecuteAsync(
            "CLUSTER", "ADDSLOTSRANGE", Slots * index / nodes.Length, (Slots * (index + 1) / nodes.Length) - 1);
        await server.ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
        if (index > 0)
        {
            await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", nodes[0].Port);
        }
    }

    private Task WaitUntilEveryNodeAgreesAsync() => RedisWait.UntilAsync(
        async () =>
        {
            var states = await Task.WhenAll(nodes.Select(StateAsync));
            return Array.TrueForAll(states, state => state.Contains("cluster_state:ok", StringComparison.Ordinal)
                && state.Contains(
                    string.Create(CultureInfo.InvariantCulture, $"cluster_known_nodes:{nodes.Length}"),
                    StringComparison.Ordinal));
        },
        Timeout, "the cluster is ready");

    private static async Task<string> StateAsync(RedisServerProcess node)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{node.Url},allowAdmin=true");
        return (await connection.GetServer(node.Url).ExecuteAsync("CLUSTER", "INFO")).ToString();
    }
}
