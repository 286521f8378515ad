using System.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class DocumentExtractorTests : ExtractorTest
{
    [Test]
    public void Extract_ReadsPlainText_AsOneSection()
    {
        var extraction = Plain("First line  \r\n\r\n\tSecond, indented\n\n");

        Assert.That(extraction.Text, Is.EqualTo("First line\n\n\tSecond, indented"));
        Assert.That(extraction.Title, Is.Null);
        Assert.That(extraction.Sections, Is.EqualTo(new[] { new DocumentSection(null, 0, extraction.Text, 4) }));
    }

    [TestCase("# Second\n\n# Third", "Second", TestName = "{m}(first of the highest level)")]
    [TestCase("## Low\n\ntext\n\n# High", "High", TestName = "{m}(a later one of a higher level)")]
    [TestCase("<title>Given</title>\n\n# Heading", "Given", TestName = "{m}(an HTML title)")]
    public void Extract_TakesTitle(string markdown, string title) =>
        Assert.That(Markdown(markdown).Title, Is.EqualTo(title));

    [Test]
    public void Extract_CutsLongTitle_NeverThroughACharacter()
    {
        var title = Markdown($"# {new string('x', 299)}\U0001F600\U0001F600").Title!;

        Assert.That(title, Is.EqualTo(new string('x', 299)));
    }

    [Test]
    public void Extract_KeepsText_WhenThereAreMoreHeadingsThanSections()
    {
        var extraction = Markdown(
            "start\n" + string.Concat(Enumerable.Range(1, 1_500).Select(i => $"# h{i}\nt{i}\n")));

        Assert.That(extraction.Sections, Has.Count.EqualTo(1_000));
        Assert.That(extraction.Sections[^1].Heading, Is.EqualTo("h999"));
        Assert.That(
            extraction.Sections[^1].Text, Does.StartWith("t999\nh1000\nt1000\nh1001").And.EndWith("h1500\nt1500"));
        Assert.That(extraction.Words, Is.EqualTo(1 + (2 * 1_500)));
    }

    [TestCase("h1")]
    [TestCase("h6")]
    public void Extract_EndsHeadingThatIsNotClosed_WithItsFirstLine(string heading)
    {
        var extraction = Html($"<{heading}>Title<p>Text<p>More");

        Assert.That(extraction.Sections, Is.EqualTo(new[]
        {
            new DocumentSection("Title", heading[1] - '0', "Text\nMore", 3),
        }));
    }

    [Test]
    public void Extract_LeavesEmptyCellsOut()
    {
        var html = Html("<table><tr><td>a<td> <td><b>b</b></tr><tr><td></td><td>c</td><td></td></table>");
        var markdown = Markdown("| a | | b |\n|---|---|---|\n| | c |\n");

        Assert.That(html.Text, Is.EqualTo("a | b\nc"));
        Assert.That(markdown.Text, Is.EqualTo("a | b\nc"));
    }

    [Test]
    public void Extract_KeepsSpace_OnlyInPreformattedText() => Assert.That(
        Html("x  y<pre>\n a  b\n  c</pre>d  e\n f").Text, Is.EqualTo("x y\n a  b\n  c\nd e f"));

    [Test]
    public void Extract_KeepsMarks_WhenAParagraphIsHuge()
    {
        var huge = string.Concat(Enumerable.Repeat("word **bold** ", 2_000)).TrimEnd();

        var extraction = Markdown($"**small**\n\n{huge}");

        Assert.That(extraction.Text, Is.EqualTo($"small\n{huge}"));
    }

    [TestCase("text/plain")]
    [TestCase("text/html")]
    [TestCase("text/markdown")]
    public void Extract_RefusesDocument_WithoutWords(string mediaType) => Assert.That(
        Reason(mediaType, "<!-- -->\n&nbsp; \n ... \n"u8.ToArray()[(mediaType == "text/plain" ? 16 : 0)..]),
        Is.EqualTo("The document has no words."));

    [Test]
    public void Extract_RefusesMediaType_ItDoesNotKnow() => Assert.That(
        Reason("image/png", "PNG"u8.ToArray()),
        Is.EqualTo("Documents of type 'image/png' cannot be read."));

    [Test]
    public void Extract_SaysWhy_WhenMarkdownIsNestedTooDeeply() => Assert.That(
        Reason("text/markdown", Encoding.UTF8.GetBytes(new string('>', 5_000) + "text")),
        Does.StartWith("The document cannot be read as text/markdown: ").And.Contain("deeply nested"));
}
