using System.Collections.Concurrent;
using Mirai.Local.Redis;
using Mirai.Redis;
using NUnit.Framework.Internal;
using StackExchange.Redis;

namespace Mirai.Testing;

/// <summary>The Redis of the test that runs. Each NUnit worker has a Redis of its own, which starts at its first use,
/// so that fixtures run in parallel. A logical database would not do: all databases of a Redis share
/// Pub/Sub.</summary>
/// <remarks>NUnit runs the one-time set-up and the tests of a fixture on the same worker, unless a single test carries
/// <c>[Parallelizable]</c> or <c>[NonParallelizable]</c>: put these attributes on classes only.</remarks>
public static class TestRedis
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<RunningRedis>>> ByWorker = new();

    /// <summary>The address, as <c>REDIS_URL</c> takes it.</summary>
    public static string Url => Current.Server.Url;

    /// <summary>A connection that may use the commands of an administrator.</summary>
    public static ConnectionMultiplexer Connection => Current.Connection;

    /// <summary>The servers that hold the keys: one, or the primaries of a cluster.</summary>
    public static IEnumerable<IServer> Primaries =>
        Connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false });

    // The properties above are synchronous because constructors and lambdas read them. The wait is for the first test
    // of a worker only.
    private static RunningRedis Current =>
        ByWorker.GetOrAdd(FindWorker(), _ => new(StartAsync)).Value.GetAwaiter().GetResult();

    /// <summary>Deletes every key.</summary>
    public static Task EmptyAsync() => Current.Server is GarnetRedis
        ? DeleteKeysAsync()
        : Task.WhenAll(Primaries.Select(primary => primary.ExecuteAsync("FLUSHDB")));

    /// <summary>Connects to any address that <c>REDIS_URL</c> takes, with the right to use the commands of an
    /// administrator.</summary>
    public static Task<ConnectionMultiplexer> ConnectAsync(string url)
    {
        var options = RedisAddress.Parse(url);
        options.AllowAdmin = true;
        options.AbortOnConnectFail = true;
        options.BacklogPolicy = BacklogPolicy.Default;

        return ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Stops the Redis of every worker.</summary>
    public static async Task StopAsync()
    {
        foreach (var worker in ByWorker.Keys)
        {
            if (ByWorker.TryRemove(worker, out var started))
            {
                await using var redis = await started.Value;
            }
        }
    }

    private static string FindWorker() => RedisFinder.IsShared
        ? "every worker"
        : TestExecutionContext.CurrentContext.TestWorker?.Name ?? throw new InvalidOperationException(
            "This thread does not belong to a test. Read the Redis in the test, and capture it for this thread.");

    private static async Task<RunningRedis> StartAsync()
    {
        var server = await RedisFinder.StartAsync().ConfigureAwait(false);
        try
        {
            return new RunningRedis(server, await ConnectAsync(server.Url).ConfigureAwait(false));
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // After a FLUSHDB, Garnet answers 0 to a DEL that deletes a key.
    private static async Task DeleteKeysAsync()
    {
        var database = Connection.GetDatabase();
        await database.KeyDeleteAsync(
            [.. (await RedisDump.KeysAsync(database)).Select(key => (RedisKey)key)]);
    }

    private sealed record RunningRedis(IRedisServer Server, ConnectionMultiplexer Connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Connection.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
