using System.Globalization;
using Mirai.Local.Redis;
using Mirai.Testing;
using StackExchange.Redis;

namespace Mirai.Cache.Tests.Store;

/// <summary>A Redis Cluster of three primaries on this machine: every operation finds its slot, and an invalidation
/// reaches every primary.</summary>
[RequiresRedisServer]
internal sealed class ClusterTests : CacheTest
{
    private readonly List<RedisServerProcess> servers = [];
    private ConnectionMultiplexer admin = null!;

    private string Url => servers[0].Url;

    [OneTimeSetUp]
    public async Task StartClusterAsync()
    {
        if (RedisServerProcess.FindExecutable() is not { } executable)
        {
            return;
        }

        for (var i = 0; i < 3; i++)
        {
            servers.Add(await RedisServerProcess.StartTemporaryAsync(
                executable, "--cluster-enabled", "yes", "--cluster-node-timeout", "5000"));
        }

        (int First, int Last)[] slots = [(0, 5_460), (5_461, 10_922), (10_923, 16_383)];
        foreach (var (server, range) in servers.Zip(slots))
        {
            await using var node = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
            await AskAsync(node, "CLUSTER", "ADDSLOTSRANGE", Text(range.First), Text(range.Last));
            await AskAsync(node, "CLUSTER", "MEET", "127.0.0.1", Text(servers[0].Port));
        }

        foreach (var server in servers)
        {
            await UntilAsync(async () =>
            {
                await using var node = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
                var info = (await AskAsync(node, "CLUSTER", "INFO")).ToString();
                return info.Contains("cluster_state:ok", StringComparison.Ordinal)
                    && info.Contains("cluster_known_nodes:3", StringComparison.Ordinal)
                    && info.Contains("cluster_slots_ok:16384", StringComparison.Ordinal);
            });
        }

        admin = await ConnectionMultiplexer.ConnectAsync($"{Url},allowAdmin=true");
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        if (admin is not null)
        {
            await admin.DisposeAsync();
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public async Task Invalidate_DeletesOnEveryPrimary()
    {
        var cache = NewNode(Url).Cache;
        await Task.WhenAll(Enumerable.Range(0, 300).Select(
            i => cache.SetAsync(CacheKey.Of<Course>($"course:{i}"), new Course($"{i}", "t")).AsTask()));
        var before = await SizesAsync();

        var counted = await cache.CountAsync(CachePattern.Of("course:*"));
        var result = await cache.InvalidateAsync(CachePattern.Of("course:*"));

        Assert.That(before, Has.All.GreaterThan(0), "all three hold some");
        Assert.That((counted, result), Is.EqualTo((300L, new CacheInvalidation(300, IsDelivered: true))));
        Assert.That((await SizesAsync()).Sum(), Is.Zero);
    }

    [Test]
    public async Task EveryOperation_FindsItsSlot()
    {
        var node = NewNode(Url);
        for (var i = 0; i < 20; i++)
        {
            var key = CacheKey.Of<int>($"n:{i}");
            var made = await node.Cache.GetOrCreateEntryAsync(
                key, _ => ValueTask.FromResult(i), new CacheEntryOptions { Tags = [$"t{i % 3}"] });
            var changed = await node.Cache.SetAsync(key, -i, condition: CacheCondition.IfMatch(made.ETag));
            await using var held = await node.Locks.AcquireAsync($"job:{i}");

            Assert.That((changed.Status, held is not null), Is.EqualTo((CacheWriteStatus.Done, true)));
            Assert.That((await node.Cache.GetAsync(key))!.Value, Is.EqualTo(-i));
        }

        Assert.That(await node.Cache.RemoveStaleAsync(), Is.Zero);
        await node.Cache.InvalidateAsync(CachePattern.Of("n:*"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task<RedisResult> AskAsync(ConnectionMultiplexer node, string command, params object[] arguments) =>
        node.GetServers()[0].ExecuteAsync(command, arguments);

    private async Task<List<long>> SizesAsync()
    {
        var sizes = new List<long>();
        foreach (var server in servers)
        {
            await using var node = await ConnectionMultiplexer.ConnectAsync($"{server.Url},allowAdmin=true");
            var keys = ((RedisResult[])(await node.GetServer(server.Url).ExecuteAsync("KEYS", "course:*"))!).Length;
            sizes.Add(keys);
        }

        return sizes;
    }
}
