using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Tests.Server.Running;

internal sealed class PatternMapTests
{
    private static readonly PatternMap<string> Map = new(
        new[] { "email:", "email:welcome", "image", "x" }.Select(pattern => KeyValuePair.Create(pattern, pattern)));

    [TestCase("email:welcome", "email:welcome")]
    [TestCase("email:welcome:vip", "email:welcome")]
    [TestCase("email:x", "email:")]
    [TestCase("images", "image")]
    [TestCase("email", null)]
    [TestCase("X", null)]
    public void TryFind_PrefersExactThenLongest(string type, string? expected)
    {
        var found = Map.TryFind(type, out var value);

        Assert.That((found, value), Is.EqualTo((expected is not null, expected)));
    }

    [TestCase(" ", "one")]
    [TestCase("one", "one")]
    public void Constructor_Refuses_WhenPatternIsBlankOrTwice(string first, string second) => Assert.That(
        () => new PatternMap<string>([KeyValuePair.Create(first, "a"), KeyValuePair.Create(second, "b")]),
        Throws.InvalidOperationException);
}
