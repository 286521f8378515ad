using Mirai.Local.Redis;

namespace Mirai.Local.Run;

/// <summary>Chooses the Redis of the run: the server that <c>REDIS_URL</c> names, else <c>redis-server</c> on the
/// PATH, else embedded Garnet.</summary>
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
