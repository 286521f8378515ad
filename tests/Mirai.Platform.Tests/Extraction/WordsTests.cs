using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class WordsTests
{
    [TestCase("", ExpectedResult = "")]
    [TestCase(" - ... | ***", ExpectedResult = "")]
    [TestCase("One, two;three\nfour", ExpectedResult = "One two three four")]
    [TestCase("don't 'quoted' rock’n’roll dogs'", ExpectedResult = "don't quoted rock’n’roll dogs")]
    [TestCase("well-known snake_case a.b", ExpectedResult = "well known snake case a b")]
    [TestCase("v2 3.14 §5", ExpectedResult = "v2 3 14 5")]
    [TestCase("naïve nai\u0308ve Straße", ExpectedResult = "naïve nai\u0308ve Straße")]
    [TestCase("未来 の仕事", ExpectedResult = "未来 の仕事")]
    [TestCase("a\U0001F600b \U00020000\U00020001", ExpectedResult = "a b \U00020000\U00020001")]
    [TestCase("a\uD800b", ExpectedResult = "a b")]
    public string In_FindsWords(string text) => string.Join(' ', Words.In(text));
}
