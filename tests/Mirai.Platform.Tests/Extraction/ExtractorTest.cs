using System.Text;
using Mirai.Platform.Documents;
using Mirai.Platform.Extraction;

namespace Mirai.Platform.Tests.Extraction;

/// <summary>Short forms of a call of the extractor.</summary>
internal abstract class ExtractorTest
{
    protected static DocumentExtraction Markdown(string text) => Extract("text/markdown", text);

    protected static DocumentExtraction Html(string text) => Extract("text/html", text);

    protected static DocumentExtraction Plain(string text) => Extract("text/plain", text);

    protected static DocumentExtraction Extract(string mediaType, string text) =>
        Extract(mediaType, Encoding.UTF8.GetBytes(text));

    protected static DocumentExtraction Extract(string mediaType, params byte[] bytes) =>
        DocumentExtractor.Extract(new DocumentContent("document", mediaType, bytes));

    protected static string Reason(string mediaType, params byte[] bytes) =>
        Assert.Throws<DocumentUnreadableException>(() => Extract(mediaType, bytes))!.Message;
}
