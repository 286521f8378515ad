using System.Net.Sockets;
using Mirai.Local.Redis;
using Testcontainers.Redis;

namespace Mirai.Testing;

/// <summary>Starts a Redis for the tests, the first of these that the machine has: the one that
/// <c>MIRAI_TEST_REDIS</c> names (an address, <c>redis-server</c>, <c>redis-cluster</c>, <c>redis-sentinel</c> or
/// <c>garnet</c>), a container when a Docker engine answers, <c>redis-server</c> on the PATH, embedded
/// Garnet.</summary>
internal static class RedisFinder
{
    private const string Variable = "MIRAI_TEST_REDIS";
    private const string Image = "redis:7-alpine";

    /// <summary>Whether all tests use the same Redis, so that they run one after the other: a server that somebody
    /// else runs, or a set-up of several servers that takes seconds to start.</summary>
    public static bool IsShared => Choice is not (null or "" or "garnet" or "redis-server");

    private static string? Choice => Environment.GetEnvironmentVariable(Variable);

    public static async Task<IRedisServer> StartAsync() => Choice switch
    {
        "garnet" => await GarnetRedis.StartAsync(LoopbackPort.FindFree()),
        "redis-server" => await RedisServerProcess.StartTemporaryAsync(RequireExecutable()),
        "redis-cluster" => await RedisClusterServers.StartAsync(RequireExecutable()),
        "redis-sentinel" => await RedisSentinelServers.StartAsync(RequireExecutable()),
        { Length: > 0 } url => new ExternalRedis(url, Variable),
        _ when await DockerAnswersAsync() => await StartContainerAsync(),
        _ when RedisServerProcess.FindExecutable() is { } executable =>
            await RedisServerProcess.StartTemporaryAsync(executable),
        _ => await GarnetRedis.StartAsync(LoopbackPort.FindFree()),
    };

    private static string RequireExecutable() => RedisServerProcess.FindExecutable()
        ?? throw new InvalidOperationException("There is no redis-server on the PATH.");

    private static async Task<IRedisServer> StartContainerAsync()
    {
        var container = new RedisBuilder(Image).Build();
        await container.StartAsync();

        return new RedisContainerServer(container, Image);
    }

    // A machine can have the socket file without an engine.
    private static async Task<bool> DockerAnswersAsync()
    {
        const string Socket = "/var/run/docker.sock";
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 })
        {
            return true;
        }

        if (!File.Exists(Socket))
        {
            return false;
        }

        try
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class RedisContainerServer(RedisContainer container, string image) : IRedisServer
    {
        public string Url => container.GetConnectionString();

        public string Description => $"{image} in a container, {Url}";

        public ValueTask DisposeAsync() => container.DisposeAsync();
    }
}
