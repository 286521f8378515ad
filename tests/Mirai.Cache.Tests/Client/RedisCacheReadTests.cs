namespace Mirai.Cache.Tests.Client;

/// <summary>Reads of entries that other services wrote, and of values that are not entries.</summary>
internal sealed class RedisCacheReadTests : CacheTest
{
    [Test]
    public async Task Get_ReadsData_WhenGoWroteThem()
    {
        var now = UnixMilliseconds();
        await Redis.ExecuteAsync(
            "SET", "course:42",
            $$$"""{"data":{"id":"42","title":"Go \u0026 more","level":3},"etag":"W/\"9f86-{{{now}}}\"","timestamp":{{{now}}},"version":1}""",
            "EX", "300");

        var entry = await NewNode().Cache.GetAsync(CacheKey.Of<Course>("course:42"));

        Assert.That((entry!.Value.Id, entry.Value.Title), Is.EqualTo(("42", "Go & more")));
        Assert.That(entry.Value.More!["level"].GetInt32(), Is.EqualTo(3), "unknown members are kept");
        Assert.That(entry.ETag.ToString(), Is.EqualTo($"W/\"9f86-{now}\""));
        Assert.That(entry.Timestamp.ToUnixTimeMilliseconds(), Is.EqualTo(now));
        Assert.That(entry.IsStale, Is.False);
    }

    [Test]
    public async Task Get_ReadsData_WhenTypeScriptWroteThem()
    {
        var now = UnixMilliseconds();
        await Redis.ExecuteAsync(
            "SETEX", "courses:tag:für alle", "300",
            $$"""{"version":1,"etag":"W/\"a-1\"","timestamp":{{now}},"data":[{"id":"1","title":"ü","tags":["x"]}],"cachedBy":"web-1"}""");

        var entry = await NewNode().Cache.GetAsync(CacheKey.Of<IReadOnlyList<Course>>("courses:tag:für alle"));

        Assert.That(entry!.Value.Single().Tags, Is.EqualTo(new[] { "x" }));
    }

    [TestCase("not json", "damaged")]
    [TestCase("""{"data":{"id":"42","title":"t"},"etag":"W/\"a\"","timestamp":NOW,"version":2}""", "version")]
    [TestCase("""{"data":{"id":"42","title":"t"},"etag":"W/\"a\"","timestamp":NOW}""", "damaged")]
    [TestCase("""{"data":"no course","etag":"W/\"a\"","timestamp":NOW,"version":1}""", "damaged")]
    [TestCase("""{"data":{"id":"42","title":"t"},"etag":"W/\"a\"","timestamp":OLD,"version":1}""", "expired")]
    [TestCase("""{"data":{"id":"42","title":"t"},"etag":"W/\"a\"","timestamp":9223372036854775807,"version":1}""", "damaged")]
    public async Task Get_MissesAndCounts_WhenTheEntryCannotBeServed(string entry, string reason)
    {
        var node = NewNode();
        await Redis.StringSetAsync("course:42", entry
            .Replace("NOW", $"{UnixMilliseconds()}", StringComparison.Ordinal)
            .Replace(
                "OLD", $"{UnixMilliseconds(ago: TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1))}",
                StringComparison.Ordinal));

        Assert.That(await node.Cache.GetAsync(CacheKey.Of<Course>("course:42")), Is.Null);
        Assert.That(node.Metrics.Sum("mirai.cache.misses", $"mirai.cache.reason={reason}"), Is.EqualTo(1));
        Assert.That(node.Cache.Status, Is.EqualTo(CacheStatus.Available));
    }

    [Test]
    public async Task Get_Misses_WhenKeyIsNoString()
    {
        await Redis.HashSetAsync("course:42", "title", "x");
        var node = NewNode();

        Assert.That(await node.Cache.GetAsync(CacheKey.Of<Course>("course:42")), Is.Null);
        Assert.That(node.Cache.Status, Is.EqualTo(CacheStatus.Available), "that is no outage");
    }

    [Test]
    public async Task Get_CountsHitAndMiss()
    {
        var node = NewNode();
        await node.Cache.SetAsync(CacheKey.Of<string>("greeting"), "hello");

        await node.Cache.GetAsync(CacheKey.Of<string>("greeting"));
        await node.Cache.GetAsync(CacheKey.Of<string>("nothing"));

        Assert.That(node.Metrics.Sum("mirai.cache.hits", "mirai.cache.level=redis"), Is.EqualTo(1));
        Assert.That(node.Metrics.Sum("mirai.cache.misses", "mirai.cache.reason=absent"), Is.EqualTo(1));
        Assert.That(node.Metrics.Count("mirai.cache.operation.duration", "mirai.cache.operation=get"), Is.EqualTo(2));
    }

    [Test]
    public async Task Get_Throws_WhenNoContextKnowsTheType() => await Assert.ThatAsync(
        async () => await NewNode().Cache.GetAsync(CacheKey.Of<Version>("version")),
        Throws.InvalidOperationException.With.Message.Contains("AddJsonContext"));

    [Test]
    public async Task Get_Throws_WhenCancelled() => await Assert.ThatAsync(
        async () => await NewNode().Cache.GetAsync(
            CacheKey.Of<string>("library:index"), new CancellationToken(canceled: true)),
        Throws.InstanceOf<OperationCanceledException>());
}
