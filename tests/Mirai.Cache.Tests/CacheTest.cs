using System.Runtime.CompilerServices;
using Mirai.Cache.Hosting;
using Mirai.Testing;

namespace Mirai.Cache.Tests;

/// <summary>A test with an empty Redis, and caches that use it.</summary>
internal abstract class CacheTest : RedisTest
{
    private readonly List<CacheNode> nodes = [];

    /// <summary>The clock of all caches of the test; <see langword="null"/> for the machine's.</summary>
    protected FakeTimeProvider? Time { get; set; }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        nodes.Clear();
        Time = null;
    }

    /// <summary>Adds a cache that Redis sees as another process.</summary>
    protected CacheNode NewNode(Action<CacheOptions>? configure = null, Action<MiraiCacheBuilder>? build = null) =>
        NewNode(RedisUrl, configure, build);

    protected CacheNode NewNode(
        string url, Action<CacheOptions>? configure = null, Action<MiraiCacheBuilder>? build = null)
    {
        var node = CacheNode.Create(url, configure, build, Time);
        nodes.Add(node);
        return node;
    }

    protected static long UnixMilliseconds(TimeSpan ago = default) =>
        (TimeProvider.System.GetUtcNow() - ago).ToUnixTimeMilliseconds();

    /// <summary>Asks a server, or the cache about it, until the answer is yes. What a cache measures or logs is waited
    /// for with <see cref="CacheNode.UntilAsync"/> instead.</summary>
    protected static Task UntilAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        RedisWait.UntilAsync(condition, TimeSpan.FromSeconds(30), what);

    /// <summary>Waits until one client is subscribed to the release of a lock.</summary>
    protected static Task UntilWaitedForAsync(string key) => UntilAsync(async () =>
        (long)(await Redis.ExecuteAsync("PUBSUB", "NUMSUB", $"mirai:lock:{key}:released"))[1] == 1);
}
