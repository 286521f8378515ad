using System.Net.Http.Headers;
using System.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Reads documents: their sections, text, word counts and key terms.</summary>
/// <remarks>Documents come from strangers. Time and memory are bounded by the size of a document, whatever it holds;
/// see the README for what hostile ones cost.</remarks>
public static class DocumentExtractor
{
    /// <summary>Reads a document. The same document always gives the same result.</summary>
    /// <param name="content">The document. A byte order mark says how it is encoded, else the <c>charset</c> of its
    /// media type, else what an HTML page says of itself, else it must be UTF-8.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="DocumentUnreadableException">Its format is not supported, it is no text in its encoding, or it
    /// has no words.</exception>
    public static DocumentExtraction Extract(DocumentContent content)
    {
        ArgumentNullException.ThrowIfNull(content);

        // AngleSharp looks its encodings up once, at its first use.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var format = DocumentFormat.Find(content.MediaType) ?? throw new DocumentUnreadableException(
            $"Documents of type '{content.MediaType}' cannot be read.");
        var bytes = content.Bytes.Span;
        var charset = MediaTypeHeaderValue.Parse(content.MediaType).CharSet?.Trim('"')
            ?? (format == DocumentFormat.Html ? HtmlCharset.Find(bytes) : null);
        var text = TextDecoder.Decode(bytes, charset);
        var sections = new SectionBuilder();
        try
        {
            Read(format, text, sections);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Parsers are other people's code and refuse some input (Markdig: too deep nesting). They would do so
            // again.
            throw new DocumentUnreadableException(
                $"The document cannot be read as {format.MediaType}: {exception.Message}", exception);
        }

        var extraction = sections.Build();
        return extraction.Words > 0
            ? extraction
            : throw new DocumentUnreadableException("The document has no words.");
    }

    private static void Read(DocumentFormat format, string text, SectionBuilder sections)
    {
        if (format == DocumentFormat.Markdown)
        {
            MarkdownReader.Read(text, sections);
        }
        else if (format == DocumentFormat.Html)
        {
            HtmlReader.Read(text, sections);
        }
        else
        {
            sections.AddLines(text);
        }
    }
}
