namespace Mirai.Cache.Tests;

internal sealed class CacheETagDataTests
{
    [TestCase("W/\"abc-1\"", "W/\"abc-2\"", ExpectedResult = true)]
    [TestCase("W/\"abc-1\"", "\"abc-1\"", ExpectedResult = true)]
    [TestCase("W/\"abc-1\"", "W/\"abd-1\"", ExpectedResult = false)]
    [TestCase("W/\"abc-x\"", "W/\"abc-y\"", ExpectedResult = false)]
    [TestCase("\"abc\"", "\"abc\"", ExpectedResult = true)]
    [TestCase("\"-1\"", "\"-2\"", ExpectedResult = false)]
    public bool MatchesData_ComparesTheHashAlone(string one, string other) =>
        CacheETag.Parse(one).MatchesData(CacheETag.Parse(other));

    [Test]
    public void IsMetByDataOf_IsTrueForTheSameData_WheneverItWasWritten()
    {
        var condition = CacheCondition.IfMatch(CacheETag.Parse("W/\"abc-1\""));
        var later = CacheETag.Parse("W/\"abc-2\"");

        Assert.That(condition.IsMetByDataOf(later), Is.True);
        Assert.That(condition.IsMetBy(later), Is.False);
        Assert.That(condition.IsMetByDataOf(null), Is.False);
        Assert.That(CacheCondition.Exists.IsMetByDataOf(later), Is.True);
        Assert.That(CacheCondition.IsAbsent.IsMetByDataOf(later), Is.False);
    }
}
