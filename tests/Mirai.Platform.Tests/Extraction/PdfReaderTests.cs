using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class PdfReaderTests : ExtractorTest
{
    private const string Pdf = "application/pdf";

    [Test]
    public void Extract_ReadsHeadingsParagraphsAndPages()
    {
        var extraction = Extract(Pdf, PdfSamples.Of(
            [(24, "Tides"), (12, ""), (12, "The moon pulls the sea, and"), (12, "the earth turns be-"), (12, "low."), (12, ""), (12, "A second paragraph.")],
            [(16, "Springs"), (12, ""), (12, "Twice a month they are high.")]));

        Assert.That(extraction.Title, Is.EqualTo("Tides"));
        Assert.That(extraction.Pages, Is.EqualTo(2));
        Assert.That(extraction.Sections, Is.EqualTo(new[]
        {
            new DocumentSection("Tides", 1, "The moon pulls the sea, and the earth turns below.\nA second paragraph.", 14) { Page = 1 },
            new DocumentSection("Springs", 2, "Twice a month they are high.", 7) { Page = 2 },
        }));
        Assert.That(
            extraction.Chunks.Select(chunk => (chunk.Section, chunk.Page, extraction.TextOf(chunk))),
            Is.EqualTo(new[]
            {
                (0, (int?)1, extraction.Sections[0].Text),
                (1, (int?)2, extraction.Sections[1].Text),
            }));
    }

    [Test]
    public void Extract_ReadsPdf_WhateverItIsCalled() => Assert.That(
        Extract("text/plain", PdfSamples.Of([(12, "Hello world")])).Text, Is.EqualTo("Hello world"));

    [Test]
    public void Extract_SaysWhy_WhenPdfIsEncrypted() => Assert.That(
        Reason(Pdf, PdfSamples.Encrypted()), Is.EqualTo("The PDF is encrypted: send it without a password."));

    [Test]
    public void Extract_SaysWhy_WhenPdfHasNoText() => Assert.That(
        Reason(Pdf, PdfSamples.Of([[]])), Does.StartWith("The PDF has no text: its pages are pictures."));

    [Test]
    public void Extract_SaysWhy_WhenBytesAreNoPdf() => Assert.That(
        Reason(Pdf, "Hello"u8.ToArray()),
        Is.EqualTo("The document was sent as application/pdf, but its first bytes are not those of that format."));

    [TestCase(8)]
    [TestCase(100)]
    [TestCase(400)]
    public void Extract_SaysWhy_WhenPdfIsCutOff(int length) => Assert.That(
        Reason(Pdf, PdfSamples.Of([(12, "Hello world")])[..length]), Does.StartWith("The "));

    [Test]
    public void Extract_Refuses_WhatUnpacksToTooMuch() => Assert.That(
        Reason(Pdf, PdfSamples.Bomb(megabytes: 100)), Does.StartWith(
            "The document becomes too large when it is unpacked"));

    [TestCase("[", 2_000_000)]
    [TestCase("<<", 1_000_000)]
    [TestCase("<</A", 500_000)]
    [TestCase("q ", 1_000_000)]
    [TestCase("(", 1_000_000)]
    [TestCase("BT ", 300_000)]
    public void Extract_Ends_WhenContentIsHostile(string part, int times)
    {
        var content = System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(part, times)));

        Assert.That(Reason(Pdf, PdfSamples.WithContent(content, "")), Does.StartWith("The "));
    }

    [Test]
    public void Extract_Ends_WhenNobodyWantsItAnyMore()
    {
        var content = new DocumentContent("document", Pdf, PdfSamples.Of([(12, "Hello world")]));

        Assert.That(
            () => DocumentExtractor.Extract(content, new ReadingRun(new CancellationToken(canceled: true))),
            Throws.InstanceOf<OperationCanceledException>());
    }
}
