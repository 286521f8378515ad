using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Extraction;

/// <summary>Input for which parsers need quadratic time or memory, or overflow the stack. At these sizes each of these
/// would exceed the limit of the test or end the process. The tests check that reading ends, and not its
/// result.</summary>
internal sealed class HostileDocumentTests : ExtractorTest
{
    private const int Size = 1024 * 1024;

    [TestCase("<div>")]
    [TestCase("<b>")]
    [TestCase("<b><i></b>")]
    [TestCase("<a><b></a>")]
    [TestCase("<ul><li>")]
    [TestCase("<table>x")]
    [TestCase("<template>")]
    [TestCase("<")]
    [TestCase("&")]
    [TestCase("<title>")]
    [TestCase("<h1>")]
    public void Extract_Ends_WhenHtmlIsHostile(string part) => AssertEnds("text/html", "word " + Repeat(part, Size));

    [TestCase("[a](")]
    [TestCase("![a](")]
    [TestCase("[![a](b)](")]
    [TestCase("# [a](")]
    [TestCase("[")]
    [TestCase("*a _a ")]
    [TestCase("> ")]
    [TestCase("- ")]
    [TestCase("`")]
    [TestCase("<!-- ")]
    public void Extract_Ends_WhenMarkdownIsHostile(string part) =>
        AssertEnds("text/markdown", "word " + Repeat(part, Size));

    [Test]
    public void Extract_Ends_WhenASetextHeadingIsHostile() =>
        AssertEnds("text/markdown", Repeat("[a](", Size) + "\n===\n");

    [Test]
    public void Extract_KeepsTableAsWritten_WhenMostOfItWouldBePadding()
    {
        var table = Repeat("|a", 4_000) + "\n" + Repeat("|-", 4_000) + "\n" + Repeat("|b|\n", 4_000);

        Assert.That(Markdown(table).Text, Is.EqualTo(table.TrimEnd()));
    }

    private static string Repeat(string part, int length) =>
        string.Concat(Enumerable.Repeat(part, length / part.Length));

    private static void AssertEnds(string mediaType, string text)
    {
        try
        {
            Assert.That(Extract(mediaType, text).Words, Is.GreaterThan(0));
        }
        catch (DocumentUnreadableException exception)
        {
            Assert.That(exception.Message, Is.Not.Empty);
        }
    }
}
