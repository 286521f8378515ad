using Mirai.Platform.Documents;

namespace Mirai.Platform.Tests.Documents;

internal sealed class DocumentFormatTests
{
    [TestCase("text/markdown", ExpectedResult = "text/markdown")]
    [TestCase("Text/HTML; charset=utf-8", ExpectedResult = "text/html")]
    [TestCase(" text/plain ;format=flowed", ExpectedResult = "text/plain")]
    [TestCase("application/pdf", ExpectedResult = "application/pdf")]
    [TestCase("application/zip", ExpectedResult = null)]
    [TestCase("text", ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    [TestCase(null, ExpectedResult = null)]
    public string? Find_KnowsMediaTypes(string? mediaType) => DocumentFormat.Find(mediaType)?.MediaType;

    [TestCase("Chapter 1.MD", ExpectedResult = "text/markdown")]
    [TestCase("a.b.markdown", ExpectedResult = "text/markdown")]
    [TestCase("notes.txt", ExpectedResult = "text/plain")]
    [TestCase("index.html", ExpectedResult = "text/html")]
    [TestCase("index.htm", ExpectedResult = "text/html")]
    [TestCase("photo.png", ExpectedResult = null)]
    [TestCase("md", ExpectedResult = null)]
    [TestCase(null, ExpectedResult = null)]
    public string? FindByFileName_KnowsExtensions(string? fileName) =>
        DocumentFormat.FindByFileName(fileName)?.MediaType;
}
