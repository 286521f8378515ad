namespace Mirai.Redis.Tests;

internal sealed class RedisScriptTests
{
    [Test]
    public void Read_PutsIncludesInPlace_AndDropsCommentLines() => Assert.That(
        Read("including").Text,
        Is.EqualTo("""
            local one = 1
            local two = 2
            local sum = one + two
                -- indented comments stay: only lines that begin with a comment go
            return sum
            """.ReplaceLineEndings("\n")));

    [TestCase("missing")]
    [TestCase("dangling")]
    public void Read_NamesTheFile_WhenItIsNotEmbedded(string name) => Assert.That(
        () => Read(name),
        Throws.InvalidOperationException.With.Message.Contains("missing.lua"));

    private static RedisScript Read(string name) => RedisScript.Read(typeof(RedisScriptTests).Assembly, name);
}
