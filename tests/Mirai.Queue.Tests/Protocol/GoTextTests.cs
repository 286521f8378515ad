using Mirai.Queue.Protocol;

namespace Mirai.Queue.Tests.Protocol;

internal sealed class GoTextTests
{
    [TestCase("mail:send", "\"mail:send\"")]
    [TestCase("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\"")]
    [TestCase("line\n\ttab", "\"line\\n\\ttab\"")]
    [TestCase("\u0001\u007f", "\"\\x01\\x7f\"")]
    [TestCase("тип 日本 😀", "\"тип 日本 😀\"")]
    [TestCase("\u00a0\u200b\u2028", "\"\\u00a0\\u200b\\u2028\"")]
    [TestCase("\U000e0001", "\"\\U000e0001\"")]
    public void Quote_WritesGoLiteral(string text, string expected) => Assert.That(GoText.Quote(text), Is.EqualTo(expected));
}
