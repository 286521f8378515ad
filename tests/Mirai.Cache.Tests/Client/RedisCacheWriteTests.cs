namespace Mirai.Cache.Tests.Client;

internal sealed class RedisCacheWriteTests : CacheTest
{
    [Test]
    public async Task Set_WritesTheContract_ForTheDefaultLifetime()
    {
        Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

        var result = await NewNode().Cache.SetAsync(CacheKey.Of<Course>("course:42"), new Course("42", "C# & more"));

        Assert.That(result.Status, Is.EqualTo(CacheWriteStatus.Done));
        Assert.That((string?)await Redis.StringGetAsync("course:42"), Is.EqualTo(
            """{"data":{"id":"42","title":"C# \u0026 more","tags":[]},"etag":ETAG,"timestamp":1700000000000,"version":1}"""
                .Replace("\\u0026", "&", StringComparison.Ordinal)
                .Replace("ETAG", $"\"{result.ETag.ToString()!.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                StringComparison.Ordinal)));
        Assert.That(await Redis.KeyTimeToLiveAsync("course:42"), Is.InRange(
            TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300)));
    }

    [Test]
    public async Task Set_KeepsTheEntryAsLongAsAsked()
    {
        await NewNode().Cache.SetAsync(
            CacheKey.Of<int>("n"), 1, new CacheEntryOptions { TimeToLive = TimeSpan.FromHours(24) });

        Assert.That(await Redis.KeyTimeToLiveAsync("n"), Is.InRange(TimeSpan.FromHours(23.9), TimeSpan.FromHours(24)));
    }

    [Test]
    public async Task Delete_RemovesTheEntry()
    {
        var cache = NewNode().Cache;
        await cache.SetAsync(CacheKey.Of<Course>("course:42"), new Course("42", "t"));

        var result = await cache.DeleteAsync(CacheKey.Of<Course>("course:42"));

        Assert.That(result, Is.EqualTo(new CacheWriteResult(CacheWriteStatus.Done, null)));
        Assert.That(await Redis.KeyExistsAsync("course:42"), Is.False);
    }

    [Test]
    public async Task Set_LeavesNothingElseBehind()
    {
        await NewNode().Cache.SetAsync(CacheKey.Of<int>("n"), 1);

        Assert.That(await Testing.RedisDump.KeysAsync(Redis), Is.EqualTo(new[] { "n" }));
    }

    [Test]
    public async Task RemoveStale_DeletesWhatIsOlderThanADay_AndNothingElse()
    {
        string Entry(long timestamp, string more = "") =>
            $$"""{"data":"x","etag":"W/\"a-1\"","timestamp":{{timestamp}},"version":1{{more}}}""";
        var old = UnixMilliseconds(ago: TimeSpan.FromHours(24) + TimeSpan.FromSeconds(5));
        await Redis.StringSetAsync("course:old", Entry(old));
        await Redis.StringSetAsync("course:old-other-order", Entry(old, ""","extra":1"""));
        await Redis.StringSetAsync("course:fresh", Entry(UnixMilliseconds(ago: TimeSpan.FromHours(23))));
        await Redis.StringSetAsync(
            "course:newer-version", Entry(old).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        await Redis.StringSetAsync("session", "somebody else's text");
        await Redis.StringSetAsync("lock:course:old", Entry(old));
        await Redis.ListRightPushAsync("asynq:{mail}:pending", "id");
        var node = NewNode();

        var removed = await node.Cache.RemoveStaleAsync();

        Assert.That(removed, Is.EqualTo(2));
        Assert.That(await Testing.RedisDump.KeysAsync(Redis), Is.EqualTo(new[]
        {
            "asynq:{mail}:pending", "course:fresh", "course:newer-version", "lock:course:old", "session",
        }));
        Assert.That(node.Metrics.Sum("mirai.cache.removed", "sweep"), Is.EqualTo(2));
    }

    [Test]
    public async Task RemoveStale_LooksAtEveryKey_WhenThereAreMany()
    {
        var old = UnixMilliseconds(ago: TimeSpan.FromDays(2));
        await Task.WhenAll(Enumerable.Range(0, 2_500).Select(i => Redis.StringSetAsync(
            $"course:{i}",
            $$"""{"data":{{i}},"etag":"W/\"a-1\"","timestamp":{{(i % 2 == 0 ? old : UnixMilliseconds())}},"version":1}""")));

        Assert.That(await NewNode().Cache.RemoveStaleAsync(), Is.EqualTo(1_250));
        Assert.That((await Testing.RedisDump.KeysAsync(Redis)).Length, Is.EqualTo(1_250));
    }
}
