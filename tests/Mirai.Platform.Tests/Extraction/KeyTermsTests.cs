using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class KeyTermsTests
{
    [TestCase("beta alpha beta gamma Alpha BETA", ExpectedResult = "beta alpha gamma", TestName = "{m}(frequency)")]
    [TestCase("zebra apple zebra apple mango", ExpectedResult = "zebra apple mango", TestName = "{m}(ties by order)")]
    [TestCase("the queue and the queues of it", ExpectedResult = "queue queues", TestName = "{m}(no stop words)")]
    [TestCase("redis's Redis redis’s don't", ExpectedResult = "redis", TestName = "{m}(cut at an apostrophe)")]
    [TestCase("go 2024 v2 abc 12345 3d4", ExpectedResult = "abc 3d4", TestName = "{m}(not too short, no numbers)")]
    [TestCase("a1 b2", ExpectedResult = "", TestName = "{m}(none)")]
    public string Of_PicksTerms(string text) => string.Join(' ', KeyTerms.Of(text));

    [Test]
    public void Of_PicksTen_AtMost() => Assert.That(
        KeyTerms.Of("aaa bbb ccc ddd eee fff ggg hhh iii jjj kkk lll"),
        Is.EqualTo(new[] { "aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg", "hhh", "iii", "jjj" }));

    [Test]
    public void Of_SkipsWords_ThatAreTooLong() => Assert.That(
        KeyTerms.Of($"{new string('x', 51)} {new string('y', 50)}"), Is.EqualTo(new[] { new string('y', 50) }));
}
