using Mirai.Local.Redis;
using Mirai.Redis;
using NUnit.Framework;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>One Redis for all tests of an assembly. Each assembly derives its set-up fixture from this one.</summary>
public abstract class RedisSetUpFixture
{
    private static IRedisServer? server;
    private static ConnectionMultiplexer? connection;

    /// <summary>The address of the Redis.</summary>
    public static string Url => server!.Url;

    /// <summary>A connection to it.</summary>
    public static ConnectionMultiplexer Connection => connection!;

    /// <summary>The servers that hold the keys: one, or those of a cluster.</summary>
    public static IEnumerable<IServer> Primaries =>
        Connection.GetServers().Where(candidate => candidate is { IsConnected: true, IsReplica: false });

    [OneTimeSetUp]
    public async Task StartRedisAsync()
    {
        server = await TestRedis.StartAsync();
        await TestContext.Progress.WriteLineAsync($"{GetType().Assembly.GetName().Name} uses {server.Description}");
        connection = await ConnectAsync(server.Url);
    }

    /// <summary>Connects to any address that <c>REDIS_URL</c> takes, with the right to use administrators'
    /// commands.</summary>
    public static Task<ConnectionMultiplexer> ConnectAsync(string url)
    {
        var options = RedisAddress.Parse(url);
        options.AllowAdmin = true;
        options.AbortOnConnectFail = true;
        options.BacklogPolicy = BacklogPolicy.Default;

        return ConnectionMultiplexer.ConnectAsync(options);
    }

    [OneTimeTearDown]
    public async Task StopRedisAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
