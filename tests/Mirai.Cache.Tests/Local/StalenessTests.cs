using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.Cache.Tests.Local;

/// <summary>How long copies in this process can be old: other Mirai processes report changes at once, Redis reports
/// those of all other clients, and where it cannot, the lifetime of the copy is the limit.</summary>
internal sealed class StalenessTests : CacheTest
{
    private static readonly CacheKey<Course> Key = CacheKey.Of<Course>("course:42");
    private static readonly TimeSpan Never = TimeSpan.FromHours(20);
    private static readonly CacheEntryOptions Day = new() { TimeToLive = Never };

    [Test]
    public async Task Copy_AnswersWithoutRedis()
    {
        var node = await WarmAsync();

        var hits = node.Metrics.Sum("mirai.cache.hits", "mirai.cache.level=local");
        var entry = await node.Cache.GetAsync(Key);

        Assert.That(entry!.Value.Title, Is.EqualTo("old"));
        Assert.That(node.Metrics.Sum("mirai.cache.hits", "mirai.cache.level=local"), Is.EqualTo(hits + 1));
        Assert.That(node.Metrics.Sum("mirai.cache.local.size"), Is.GreaterThan(0));
    }

    [Test]
    public async Task Copy_GoesAtOnce_WhenAnotherMiraiProcessChangesTheEntry(
        [Values("set", "delete", "pattern", "tag")] string how)
    {
        // Neither the lifetime of the copy nor Redis can remove it: only the message of the other process can.
        var (node, other) = (await WarmAsync(tracking: false, RedisUrl, Never, "news"), NewNode());

        await (how switch
        {
            "set" => other.Cache.SetAsync(Key, new Course("42", "new"), Day).AsTask(),
            "delete" => other.Cache.DeleteAsync(Key).AsTask(),
            "pattern" => other.Cache.InvalidateAsync(CachePattern.Of("course:*")).AsTask(),
            _ => (Task)other.Cache.InvalidateTagAsync("news").AsTask(),
        });

        await UntilNoCopyAsync(node);
        Assert.That((await node.Cache.GetAsync(Key))?.Value.Title, Is.EqualTo(how == "set" ? "new" : null));
    }

    [Test]
    public async Task Copy_GoesAtOnce_WhenThisProcessChangesTheEntry()
    {
        var node = await WarmAsync();

        await node.Cache.SetAsync(Key, new Course("42", "new"));

        Assert.That((await node.Cache.GetAsync(Key))!.Value.Title, Is.EqualTo("new"));
    }

    [Test]
    [RequiresRedisServer]
    public async Task Copy_GoesAtOnce_WhenGoWrites_BecauseRedisTells([Values("set", "del", "flush")] string how)
    {
        await using var server = await RedisServerProcess.StartTemporaryAsync(RedisServerProcess.FindExecutable()!);
        var node = await WarmAsync(tracking: true, server.Url, Never);
        await using var go = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(
            $"{server.Url},allowAdmin=true");
        await UntilAsync(async () => (await go.GetDatabase().ExecuteAsync("CLIENT", "LIST")).ToString().Contains(
            "flags=t", StringComparison.Ordinal));
        await UntilAsync(async () => await IsLocalAsync(node));

        await (how switch
        {
            "set" => go.GetDatabase().ExecuteAsync(
                "SET", "course:42",
                $$"""{"data":{"id":"42","title":"new"},"etag":"W/\"a-1\"","timestamp":{{UnixMilliseconds()}},"version":1}""", "EX", "300"),
            "del" => go.GetDatabase().ExecuteAsync("DEL", "course:42"),
            _ => go.GetServers()[0].ExecuteAsync("FLUSHALL"),
        });

        await UntilNoCopyAsync(node);
        Assert.That((await node.Cache.GetAsync(Key))?.Value.Title, Is.EqualTo(how == "set" ? "new" : null));
        await node.DisposeAsync();
    }

    [Test]
    public async Task Copy_EndsWithItsLifetime_WhenGoWritesAndNobodyTells()
    {
        var clock = Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var node = await WarmAsync(tracking: false, RedisUrl, TimeSpan.FromSeconds(5));

        await Redis.StringSetAsync(
            "course:42",
            $$"""{"data":{"id":"42","title":"new"},"etag":"W/\"a-1\"","timestamp":{{UnixMilliseconds()}},"version":1}""");
        var before = (await node.Cache.GetAsync(Key))!.Value.Title;
        clock.Advance(TimeSpan.FromSeconds(5));
        var after = (await node.Cache.GetAsync(Key))!.Value.Title;

        Assert.That((before, after), Is.EqualTo(("old", "new")), "5 s: the bound that the documentation gives");
    }

    [Test]
    public async Task Copies_AreForgotten_WhenTheConnectionIsLost()
    {
        var node = await WarmAsync();

        await Redis.ExecuteAsync("DEL", "course:42");
        await TestRedis.Connection.GetServers()[0].ExecuteAsync(
            "CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
        await TestRedis.Connection.GetServers()[0].ExecuteAsync(
            "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        await UntilNoCopyAsync(node);
        await UntilAsync(async () =>
            node.Cache.Status == CacheStatus.Available && await node.Cache.GetAsync(Key) is null);
        Assert.That(await node.Cache.GetAsync(Key), Is.Null, "any change may have been missed meanwhile");
    }

    private Task<CacheNode> WarmAsync() => WarmAsync(tracking: false, RedisUrl, Never);

    private async Task<CacheNode> WarmAsync(bool tracking, string url, TimeSpan localLifetime, params string[] tags)
    {
        var node = NewNode(url, build: builder => builder.AddLocalLevel(local =>
        {
            local.TimeToLive = localLifetime;
            local.IsTracking = tracking;
            local.TrackedPrefixes.Add("course:");
        }));
        await node.Cache.SetAsync(Key, new Course("42", "old"), Day with { Tags = tags });
        await UntilAsync(async () => await IsLocalAsync(node));

        return node;
    }

    private static Task UntilNoCopyAsync(CacheNode node) =>
        node.UntilAsync(() => node.Metrics.Sum("mirai.cache.local.size") == 0);

    private static async Task<bool> IsLocalAsync(CacheNode node)
    {
        var hits = node.Metrics.Sum("mirai.cache.hits", "mirai.cache.level=local");
        await node.Cache.GetAsync(Key);

        return node.Metrics.Sum("mirai.cache.hits", "mirai.cache.level=local") > hits;
    }
}
