using System.Text;
using CsCheck;

namespace Mirai.Redis.Tests;

internal sealed class GlobTests
{
    [TestCase("*", "", true)]
    [TestCase("a*c", "abbc", true)]
    [TestCase("a*c", "abbd", false)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("[a-c]x", "bx", true)]
    [TestCase("[^a-c]x", "bx", false)]
    [TestCase("[a", "a", true)]
    [TestCase(@"\*", "*", true)]
    [TestCase(@"\*", "a", false)]
    public void IsMatch_SaysWhatRedisSays(string pattern, string text, bool matches) =>
        Assert.That(Matches(pattern, text), Is.EqualTo(matches));

    [Test]
    public void Escape_MatchesTheTextAndNothingElse() =>
        Gen.Select(Gen.String["ab*?[]^-\\"], Gen.String["ab*?[]^-\\"]).Sample((text, other) =>
            Matches(Glob.Escape(text), text) && Matches(Glob.Escape(text), other) == (text == other));

    private static bool Matches(string pattern, string text) =>
        Glob.IsMatch(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(text));
}
