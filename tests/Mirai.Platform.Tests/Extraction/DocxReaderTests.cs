using System.Text;
using Mirai.Platform.Documents;
using static Mirai.Platform.Tests.Extraction.DocxSamples;

namespace Mirai.Platform.Tests.Extraction;

internal sealed class DocxReaderTests : ExtractorTest
{
    private const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    [Test]
    public void Extract_ReadsHeadingsByStyle_TextAndTables()
    {
        var extraction = Extract(Docx, DocxSamples.Of(
            Paragraph("All about tides", "Titel") + Paragraph("Before.") + Paragraph("Moon", "berschrift1")
            + "<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>never " +
                "</w:delText></w:r></w:del><w:r><w:t>pulls</w:t><w:tab/><w:t>now</w:t></w:r></w:p>"
            + Paragraph("Low and high", "Own") + Paragraph("Odd", "Loop")
            + $"<w:tbl><w:tr><w:tc>{Paragraph("a")}</w:tc><w:tc>{Paragraph("")}</w:tc><w:tc>{Paragraph("b")}{Paragraph("c")}</w:tc></w:tr></w:tbl>"));

        Assert.That(extraction.Title, Is.EqualTo("All about tides"));
        Assert.That(extraction.Pages, Is.Null);
        Assert.That(extraction.Sections, Is.EqualTo(new[]
        {
            new DocumentSection("All about tides", 1, "Before.", 4),
            new DocumentSection("Moon", 1, "It pulls now", 4),
            new DocumentSection("Low and high", 2, "Odd\na | b c", 7),
        }));
    }

    [Test]
    public void Extract_SaysWhy_WhenZipIsNoWordDocument() => Assert.That(
        Reason(Docx, Zip(("a.txt", "hello"u8.ToArray()))), Is.EqualTo(
            "The file is a ZIP archive and not a Word document."));

    [Test]
    public void Extract_SaysWhy_WhenFileIsCutOff()
    {
        var whole = DocxSamples.Of(Paragraph("Hello"));

        Assert.That(Reason(Docx, whole[..(whole.Length / 2)]), Does.StartWith("The Word document is damaged: "));
    }

    [Test]
    public void Extract_SaysWhy_WhenXmlIsBroken() => Assert.That(
        Reason(Docx, Package(("word/document.xml", "<w:document"))), Does.StartWith("The Word document is damaged: "));

    [Test]
    public void Extract_SaysWhy_WhenFileIsEncrypted()
    {
        byte[] bytes = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[512], .. Encoding.Unicode.GetBytes("EncryptedPackage")];

        Assert.That(Reason(Docx, bytes), Is.EqualTo("The Word document is encrypted: send it without a password."));
        Assert.That(
            Reason(Docx, bytes[..100]), Is.EqualTo("The file has the format of Office before 2007: save it as DOCX or PDF."));
    }

    [Test]
    public void Extract_Refuses_WhatUnpacksToTooMuch()
    {
        var bomb = Encoding.ASCII.GetBytes($"<a>{new string(' ', 100 * 1024 * 1024)}</a>");

        Assert.That(
            Reason(Docx, Zip(("word/document.xml", bomb))), Does.StartWith(
                "The document becomes too large when it is unpacked"));
    }

    [Test]
    public void Extract_Refuses_WhatShrinksTooWell()
    {
        var bomb = Encoding.ASCII.GetBytes($"<a>{new string(' ', 8 * 1024 * 1024)}</a>");

        Assert.That(
            Reason(Docx, Zip(("word/document.xml", bomb))), Does.StartWith(
                "The document becomes too large when it is unpacked"));
    }

    [Test]
    public void Extract_Refuses_WhatIsNestedTooDeeply()
    {
        const int Depth = 50_000;
        var body = string.Concat(Enumerable.Repeat("<w:p>", Depth)) + string.Concat(
            Enumerable.Repeat("</w:p>", Depth));

        Assert.That(Reason(Docx, DocxSamples.Of(body)), Is.EqualTo("The Word document is nested too deeply."));
    }

    [Test]
    public void Extract_Refuses_DocumentTypeDefinitions() => Assert.That(
        Reason(Docx, Package(("word/document.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"))),
        Does.StartWith("The Word document is damaged: "));

    [Test]
    public void Extract_SaysWhy_WhenDocumentHasNoWords() => Assert.That(
        Reason(Docx, DocxSamples.Of(Paragraph(""))), Is.EqualTo("The document has no words."));
}
