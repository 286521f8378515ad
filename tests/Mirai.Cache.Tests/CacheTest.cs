using Mirai.Cache.Hosting;
using Mirai.Testing;

namespace Mirai.Cache.Tests;

/// <summary>A test with an empty Redis and caches on it.</summary>
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

    /// <summary>One more process, as far as Redis can tell.</summary>
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

    /// <summary>Waits for what another thread or process does.</summary>
    protected static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    protected static Task UntilAsync(Func<Task<bool>> condition) =>
        RedisWait.UntilAsync(condition, TimeSpan.FromSeconds(30), "the condition of the test");
}
