using Mirai.Local.Redis;
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

    [OneTimeSetUp]
    public async Task StartRedisAsync()
    {
        server = await TestRedis.StartAsync();
        await TestContext.Progress.WriteLineAsync($"{GetType().Assembly.GetName().Name} uses {server.Description}");
        connection = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
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
