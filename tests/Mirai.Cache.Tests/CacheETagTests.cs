namespace Mirai.Cache.Tests;

internal sealed class CacheETagTests
{
    [TestCase("W/\"5f2b-1700000000000\"", true)]
    [TestCase("\"abc\"", false)]
    [TestCase("\"\"", false)]
    [TestCase("W/\"a,b\"", true)]
    public void Parse_KeepsTheText(string text, bool isWeak)
    {
        var etag = CacheETag.Parse(text);

        Assert.That((etag.ToString(), etag.IsWeak), Is.EqualTo((text, isWeak)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("abc")]
    [TestCase("w/\"abc\"")]
    [TestCase("W/abc")]
    [TestCase("\"a\"b\"")]
    [TestCase("\"a b\"")]
    [TestCase("\"")]
    public void TryParse_Refuses_WhatIsNoTag(string? text) => Assert.That(CacheETag.TryParse(text, out _), Is.False);

    [Test]
    public void Matches_IsHttpsWeakComparison()
    {
        Assert.That(CacheETag.Parse("W/\"1\"").Matches(CacheETag.Parse("\"1\"")), Is.True);
        Assert.That(CacheETag.Parse("W/\"1\"").Matches(CacheETag.Parse("W/\"2\"")), Is.False);
    }

    [Test]
    public void IsMetBy_FollowsHttp()
    {
        var (one, two) = (CacheETag.Parse("W/\"1\""), CacheETag.Parse("\"2\""));

        Assert.That(CacheCondition.IfMatch(one, two).IsMetBy(CacheETag.Parse("W/\"2\"")), Is.True);
        Assert.That(CacheCondition.IfMatch(one).IsMetBy(two), Is.False);
        Assert.That(CacheCondition.IfMatch(one).IsMetBy(null), Is.False);
        Assert.That(CacheCondition.IfNoneMatch(one).IsMetBy(one), Is.False);
        Assert.That(CacheCondition.IfNoneMatch(one).IsMetBy(null), Is.True);
        Assert.That(
            (CacheCondition.Exists.IsMetBy(one), CacheCondition.Exists.IsMetBy(null)), Is.EqualTo((true, false)));
        Assert.That(
            (CacheCondition.IsAbsent.IsMetBy(one), CacheCondition.IsAbsent.IsMetBy(null)), Is.EqualTo((false, true)));
        Assert.That(() => CacheCondition.IfMatch(), Throws.ArgumentException);
    }
}
