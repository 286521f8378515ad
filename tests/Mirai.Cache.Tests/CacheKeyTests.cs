namespace Mirai.Cache.Tests;

internal sealed class CacheKeyTests
{
    [TestCase("page")]
    [TestCase("course:42")]
    [TestCase("courses:tag:c++ für Anfänger")]
    public void Of_TakesTheNameAsItIs(string name) =>
        Assert.That(CacheKey.Of<string>(name).Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase("lock:course:42")]
    [TestCase("asynq:{mail}:pending")]
    [TestCase("ASYNQ:servers")]
    [TestCase("mirai:tag:x")]
    [TestCase("course:*")]
    [TestCase("course:{1}")]
    [TestCase(" course:1")]
    [TestCase("course:\r\n")]
    public void Of_Refuses_KeysOfOthersAndPatterns(string name) =>
        Assert.That(() => CacheKey.Of<string>(name), Throws.ArgumentException);

    [Test]
    public void Of_Refuses_LongNames()
    {
        Assert.That(CacheKey.Of<string>(new string('a', 512)).Name, Has.Length.EqualTo(512));
        Assert.That(() => CacheKey.Of<string>(new string('a', 513)), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("*")]
    [TestCase("4?")]
    [TestCase("[a-z]")]
    [TestCase("a:b")]
    [TestCase("a b")]
    [TestCase("a\n")]
    [TestCase("{a}")]
    [TestCase("\\a")]
    [TestCase("é")]
    public void CheckId_Refuses_OtherText(string id) =>
        Assert.That(() => CacheKey.CheckId(id), Throws.ArgumentException.With.Property("ParamName").EqualTo("id"));

    [Test]
    public void CheckId_ReturnsTheId_UpToItsLongest()
    {
        var longest = new string('a', 128);

        Assert.That(CacheKey.CheckId(longest), Is.EqualTo(longest));
        Assert.That(CacheKey.CheckId("A-z_0.9"), Is.EqualTo("A-z_0.9"));
        Assert.That(() => CacheKey.CheckId(longest + "a"), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("*")]
    [TestCase("a:b")]
    [TestCase(" a")]
    [TestCase("a ")]
    [TestCase("a{b}")]
    public void CheckTag_Refuses_OtherText(string tag) =>
        Assert.That(() => CacheKey.CheckTag(tag), Throws.ArgumentException.With.Property("ParamName").EqualTo("tag"));

    [TestCase("c++ für Anfänger")]
    [TestCase("C#")]
    [TestCase("R&D")]
    public void CheckTag_ReturnsTheTag(string tag) => Assert.That(CacheKey.CheckTag(tag), Is.EqualTo(tag));
}
