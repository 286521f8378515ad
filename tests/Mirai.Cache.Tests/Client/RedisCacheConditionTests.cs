namespace Mirai.Cache.Tests.Client;

/// <summary>If-Match and If-None-Match: Redis compares and changes in one step, whichever service wrote the
/// entry.</summary>
internal sealed class RedisCacheConditionTests : CacheTest
{
    private static readonly CacheKey<string> Key = CacheKey.Of<string>("page");

    // By Go; by TypeScript, with members at the end; by .NET, with other escapes; with a strong tag; with data larger
    // than the part that the script reads first.
    private static readonly string[] Writers =
    [
        """{"data":"x","etag":"W/\"9f86-1\"","timestamp":NOW,"version":1}""",
        """{ "version" : 1, "timestamp" : NOW, "etag" : "W/\"9f86-1\"", "data" : { "etag": "W/\"no-1\"" }, "by" : "web" }""",
        """{"data":"x","etag":"W/\u00229f86-1\u0022","timestamp":NOW,"version":1}""",
        """{"data":"x","etag":"\"9f86-1\"","timestamp":NOW,"version":1}""",
        """{"data":"LARGE","etag":"W/\"9f86-1\"","timestamp":NOW,"version":1}""",
        """{"etag":"W/\"9f86-1\"","timestamp":NOW,"version":1,"data":{"etag":"W/\"no-1\"","timestamp":1,"version":1}}""",
    ];

    // Values that are never served.
    private static readonly string[] NoEntries =
    [
        "no json", """{"data":"x","etag":"W/\"9f86-1\"","timestamp":NOW,"version":2}""",
        """{"data":"x","etag":"W/\"9f86-1\"","timestamp":1700000000000,"version":1}""", "[]", "",
    ];

    [TestCaseSource(nameof(Writers))]
    public async Task Set_Happens_WhenTheVersionIsStillThere(string entry)
    {
        await WriteAsync(entry);

        var result = await NewNode().Cache.SetAsync(
            Key, "new", condition: CacheCondition.IfMatch(CacheETag.Parse("W/\"9f86-1\"")));

        Assert.That(result.Status, Is.EqualTo(CacheWriteStatus.Done));
        Assert.That((string?)await Redis.StringGetAsync("page"), Does.StartWith("""{"data":"new","etag":"""));
    }

    [TestCaseSource(nameof(Writers))]
    public async Task Set_GivesTheCurrentVersion_WhenAnotherOneIsThere(string entry)
    {
        await WriteAsync(entry);

        var result = await NewNode().Cache.SetAsync(
            Key, "new", condition: CacheCondition.IfMatch(CacheETag.Parse("W/\"0000-1\"")));

        Assert.That(result.Status, Is.EqualTo(CacheWriteStatus.PreconditionFailed));
        Assert.That(result.ETag!.Value.Matches(CacheETag.Parse("\"9f86-1\"")), Is.True);
        Assert.That((string?)await Redis.StringGetAsync("page"), Is.EqualTo(Filled(entry)));
    }

    [TestCaseSource(nameof(Writers))]
    public async Task SetIfAbsent_IsRefused_WhenThereIsAnEntry(string entry)
    {
        await WriteAsync(entry);

        var result = await NewNode().Cache.SetAsync(Key, "new", condition: CacheCondition.IsAbsent);

        Assert.That(result.Status, Is.EqualTo(CacheWriteStatus.PreconditionFailed));
    }

    [TestCaseSource(nameof(NoEntries))]
    public async Task WhatNoReaderAccepts_CountsAsNone(string entry)
    {
        await WriteAsync(entry);
        var cache = NewNode().Cache;

        var match = await cache.SetAsync(Key, "new", condition: CacheCondition.Exists);
        var absent = await cache.SetAsync(Key, "new", condition: CacheCondition.IsAbsent);

        Assert.That((match.Status, match.ETag), Is.EqualTo((CacheWriteStatus.PreconditionFailed, (CacheETag?)null)));
        Assert.That(absent.Status, Is.EqualTo(CacheWriteStatus.Done));
    }

    [Test]
    public async Task AnotherType_CountsAsNone()
    {
        await Redis.SetAddAsync("page", "x");
        var node = NewNode();

        var match = await node.Cache.SetAsync(Key, "new", condition: CacheCondition.Exists);
        var typeAfterRefusal = await Redis.KeyTypeAsync("page");
        var absent = await node.Cache.SetAsync(Key, "new", condition: CacheCondition.IsAbsent);

        Assert.That(match.Status, Is.EqualTo(CacheWriteStatus.PreconditionFailed));
        Assert.That(
            typeAfterRefusal, Is.EqualTo(StackExchange.Redis.RedisType.Set), "what is refused changes nothing");
        Assert.That(absent.Status, Is.EqualTo(CacheWriteStatus.Done));
    }

    [Test]
    public async Task Delete_ComparesAsWell()
    {
        var cache = NewNode().Cache;
        var first = await cache.SetAsync(Key, "1");
        var second = await cache.SetAsync(Key, "2");

        var tooLate = await cache.DeleteAsync(Key, CacheCondition.IfMatch(first.ETag!.Value));
        var inTime = await cache.DeleteAsync(Key, CacheCondition.IfMatch(second.ETag!.Value));

        Assert.That((tooLate.Status, tooLate.ETag), Is.EqualTo((CacheWriteStatus.PreconditionFailed, second.ETag)));
        Assert.That(inTime.IsDone, Is.True);
        Assert.That(await Redis.KeyExistsAsync("page"), Is.False);
    }

    [Test]
    public async Task IfNoneMatch_WritesUnlessListed()
    {
        var cache = NewNode().Cache;
        var first = await cache.SetAsync(Key, "1");

        var listed = await cache.SetAsync(
            Key, "2", condition: CacheCondition.IfNoneMatch(CacheETag.Parse("\"x\""), first.ETag!.Value));
        var other = await cache.SetAsync(Key, "2", condition: CacheCondition.IfNoneMatch(CacheETag.Parse("\"x\"")));

        Assert.That(
            (listed.Status, other.Status), Is.EqualTo((CacheWriteStatus.PreconditionFailed, CacheWriteStatus.Done)));
    }

    private static string Filled(string entry) => entry
        .Replace("NOW", $"{UnixMilliseconds() / 100_000}00000", StringComparison.Ordinal)
        .Replace("LARGE", new string('x', 5_000), StringComparison.Ordinal);

    private static async Task WriteAsync(string entry) =>
        await Redis.ExecuteAsync("SET", "page", Filled(entry), "EX", "300");
}
