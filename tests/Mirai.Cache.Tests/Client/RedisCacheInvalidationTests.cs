using Mirai.Testing;

namespace Mirai.Cache.Tests.Client;

internal sealed class RedisCacheInvalidationTests : CacheTest
{
    [Test]
    public async Task Invalidate_DeletesWhatMatches_WhoeverWroteIt()
    {
        foreach (var key in (string[])["courses:all", "courses:status:new", "courses:tag:[x]", "course:1", "folder:1:courses"])
        {
            await Redis.ExecuteAsync(
                "SET", key, """{"data":1,"etag":"W/\"a\"","timestamp":1,"version":1}""", "EX", "300");
        }

        await Redis.HashSetAsync("courses:views", "1", 7);
        await Redis.StringSetAsync("lock:courses:all", "1700000000000000000-0a1b2c3d");
        var node = NewNode();

        var counted = await node.Cache.CountAsync(CachePattern.Of("courses:*"));
        var result = await node.Cache.InvalidateAsync(CachePattern.Of("courses:*"));

        Assert.That(counted, Is.EqualTo(3));
        Assert.That(result, Is.EqualTo(new CacheInvalidation(3, IsDelivered: true)));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.EqualTo(new[]
        {
            "course:1", "courses:views", "folder:1:courses", "lock:courses:all",
        }), "hashes are no entries, locks are not the cache's");
        Assert.That(node.Metrics.Sum("mirai.cache.removed", "invalidate"), Is.EqualTo(3));
    }

    [Test]
    public async Task Count_DeletesNothing()
    {
        await Redis.StringSetAsync("course:1", "x");

        await NewNode().Cache.CountAsync(CachePattern.Of("course:*"));

        Assert.That(await RedisDump.KeysAsync(Redis), Is.EqualTo(new[] { "course:1" }));
    }

    [Test]
    public async Task Invalidate_LeavesTheQueueAlone_WhenEverythingIsMeant()
    {
        await Redis.StringSetAsync("course:1", "x");
        await Redis.StringSetAsync("asynq:{mail}:processed", 5);
        await Redis.StringSetAsync("mirai:tag:x", "mark");

        var result = await NewNode().Cache.InvalidateAsync(CachePattern.Everything);

        Assert.That(result.Count, Is.EqualTo(1));
        Assert.That(await RedisDump.KeysAsync(Redis), Is.EqualTo(new[] { "asynq:{mail}:processed", "mirai:tag:x" }));
    }

    [Test]
    public async Task InvalidateTag_MakesEntriesMiss_AndNoOthers()
    {
        var cache = NewNode().Cache;
        var (one, two) = (CacheKey.Of<string>("page:1"), CacheKey.Of<string>("page:2"));
        await cache.SetAsync(one, "a", new CacheEntryOptions { Tags = ["c++", "new"] });
        await cache.SetAsync(two, "b", new CacheEntryOptions { Tags = ["new"] });

        var result = await cache.InvalidateTagAsync("c++");

        Assert.That(result.IsDelivered, Is.True);
        Assert.That(await cache.GetAsync(one), Is.Null);
        Assert.That((await cache.GetAsync(two))!.Value, Is.EqualTo("b"));
    }

    [Test]
    public async Task InvalidateTag_HoldsForOtherProcesses_AndNotForLaterEntries()
    {
        var (first, second) = (NewNode(), NewNode());
        var page = CacheKey.Of<string>("page:1");
        var tagged = new CacheEntryOptions { Tags = ["new"] };
        await first.Cache.SetAsync(page, "a", tagged);

        await second.Cache.InvalidateTagAsync("new");
        var afterwards = await first.Cache.GetAsync(page);
        await first.Cache.SetAsync(page, "b", tagged);

        Assert.That(afterwards, Is.Null);
        Assert.That(first.Metrics.Sum("mirai.cache.misses", "mirai.cache.reason=tag"), Is.EqualTo(1));
        Assert.That((await second.Cache.GetAsync(page))!.Value, Is.EqualTo("b"));
    }

    [Test]
    public async Task Entry_Misses_WhenTheMarkOfItsTagIsGone()
    {
        var cache = NewNode().Cache;
        var page = CacheKey.Of<string>("page:1");
        await cache.SetAsync(page, "a", new CacheEntryOptions { Tags = ["new"] });

        await Redis.KeyDeleteAsync("mirai:tag:new");

        Assert.That(await cache.GetAsync(page), Is.Null, "evicted: a miss, and nothing stale");
    }

    [Test]
    public void Tags_AreChecked()
    {
        Assert.That(() => new CacheEntryOptions { Tags = ["a:b"] }, Throws.ArgumentException);
        Assert.That(
            () => new CacheEntryOptions { Tags = [.. Enumerable.Range(0, 17).Select(i => $"t{i}")] },
            Throws.ArgumentException);
        Assert.That(new CacheEntryOptions { Tags = ["a", "a"] }.Tags, Is.EqualTo(new[] { "a" }));
    }
}
