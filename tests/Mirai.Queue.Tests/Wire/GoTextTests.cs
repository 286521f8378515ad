using CsCheck;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Wire;

internal sealed class GoTextTests
{
    [TestCase("mail:send", "\"mail:send\"")]
    [TestCase("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\"")]
    [TestCase("line\n\ttab", "\"line\\n\\ttab\"")]
    [TestCase("\u0001\u007f", "\"\\x01\\x7f\"")]
    [TestCase("тип 日本 😀", "\"тип 日本 😀\"")]
    [TestCase("\u00a0\u200b\u2028", "\"\\u00a0\\u200b\\u2028\"")]
    [TestCase("\U000e0001", "\"\\U000e0001\"")]
    public void Quote_WritesGoLiteral(string text, string expected) =>
        Assert.That(GoText.Quote(text), Is.EqualTo(expected));

    [TestCase("\"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c")]
    [TestCase("\"\\a\\b\\f\\n\\r\\t\\v\\x01\\u00e9\\U0001F600\"", "\a\b\f\n\r\t\v\u0001é😀")]
    [TestCase("\"\"", "")]
    public void Unquote_ReadsGoLiteral(string literal, string expected) =>
        Assert.That(GoText.Unquote(literal), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("\"")]
    [TestCase("mail")]
    [TestCase("\"a\"b\"")]
    [TestCase("\"a\\\"")]
    [TestCase("\"\\q\"")]
    [TestCase("\"\\x4\"")]
    [TestCase("\"\\u00g0\"")]
    [TestCase("\"\\xff\"", Description = "a byte that is no text")]
    [TestCase("\"\\ud800\"", Description = "half a letter")]
    public void Unquote_IsNull_WhenItIsNone(string literal) => Assert.That(GoText.Unquote(literal), Is.Null);

    [Test]
    public void Unquote_ReadsBack_WhatQuoteWrites() =>
        Gen.String[Gen.OneOf(Gen.Char['\0', '\u2fff'], Gen.Char["\"\\"])]
        .Sample(text => GoText.Unquote(GoText.Quote(text)) == text);
}
