using Mirai.Local.Redis;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>A primary, its replica, and three sentinels that watch them, on this machine.</summary>
public sealed class RedisSentinelServers : IRedisServer
{
    private const string PrimaryName = "mymaster";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly RedisServerProcess[] stores;
    private RedisServerProcess[] sentinels = [];

    private RedisSentinelServers(RedisServerProcess[] stores) => this.stores = stores;

    /// <summary>The server that was the primary at the start.</summary>
    public RedisServerProcess FirstPrimary => stores[0];

    public string Url =>
        $"redis-sentinel://{string.Join(',', sentinels.Select(sentinel => sentinel.Url))}?master={PrimaryName}";

    public string Description => $"a primary, a replica and three sentinels, {Url}";

    public static async Task<RedisSentinelServers> StartAsync(string executable)
    {
        var primary = await RedisServerProcess.StartTemporaryAsync(executable);
        var replica = await RedisServerProcess.StartTemporaryAsync(
            executable, "--replicaof", $"127.0.0.1 {primary.Port}", "--repl-diskless-sync-delay", "0");
        var servers = new RedisSentinelServers([primary, replica]);
        try
        {
            servers.sentinels = await Task.WhenAll(
                Enumerable.Range(0, 3).Select(_ => StartSentinelAsync(executable, primary.Port)));
            await RedisWait.UntilAsync(
                servers.KnowEachOtherAsync, Timeout, "the sentinels know each other and the replica");
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (RedisServerProcess[])[.. sentinels, .. stores])
        {
            await server.DisposeAsync();
        }
    }

    // A sentinel writes what it learns into its configuration file.
    private static Task<RedisServerProcess> StartSentinelAsync(string executable, int primaryPort) =>
        RedisServerProcess.StartSentinelAsync(executable, $"""
            sentinel monitor {PrimaryName} 127.0.0.1 {primaryPort} 2
            sentinel down-after-milliseconds {PrimaryName} 1000
            sentinel failover-timeout {PrimaryName} 5000

            """);

    private async Task<bool> KnowEachOtherAsync()
    {
        foreach (var sentinel in sentinels)
        {
            var primary = await AskAsync(sentinel);
            if (primary["num-slaves"] != "1" || primary["num-other-sentinels"] != "2" || primary["flags"] != "master")
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<Dictionary<string, string>> AskAsync(RedisServerProcess sentinel)
    {
        var options = ConfigurationOptions.Parse(sentinel.Url);
        options.CommandMap = CommandMap.Sentinel;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        return (await connection.GetServer(sentinel.Url).SentinelMasterAsync(PrimaryName))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
    }
}
