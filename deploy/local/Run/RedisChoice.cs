using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>Finds a Redis for people: the one <c>REDIS_URL</c> names, <c>redis-server</c> on the PATH, embedded
/// Garnet.</summary>
internal static class RedisChoice
{
    public const string Variable = "REDIS_URL";

    public static async Task<IRedisServer> StartAsync(int port, string dataFolder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url)
        {
            return new ExternalRedis(url, Variable);
        }

        Ports.Require(port, "Redis", "--redis-port");
        return RedisServerProcess.FindExecutable() is { } executable
            ? await RedisServerProcess.StartDurableAsync(executable, port, Path.Combine(dataFolder, "redis"))
            : await GarnetRedis.StartAsync(port);
    }
}
