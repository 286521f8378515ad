using System.Net.Http.Headers;
using System.Text;
using Mirai.Platform.Documents;
using Format = Mirai.Platform.Documents.DocumentFormat;

namespace Mirai.Platform.Extraction;

/// <summary>Reads documents: their sections, text, chunks, word counts and key terms.</summary>
/// <remarks>Documents come from strangers. Time and memory are bounded by the size of a document, whatever it holds;
/// see the README for what hostile ones cost.</remarks>
public static class DocumentExtractor
{
    /// <summary>Reads a document. The same document always gives the same result.</summary>
    /// <param name="content">The document. Its bytes decide whether it is PDF, DOCX or a page of HTML; other text is
    /// what its media type says. A byte order mark says how text is encoded, else the <c>charset</c> of its media
    /// type, else what an HTML page says of itself, else it must be UTF-8.</param>
    /// <param name="run">Tells how far the reading is, and can end it; none when nobody asks.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="DocumentUnreadableException">Its format is not supported, it is encrypted or damaged, becomes
    /// too large when it is unpacked, is no text in its encoding, or has no words.</exception>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public static DocumentExtraction Extract(DocumentContent content, ReadingRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(content);

        // AngleSharp looks its encodings up once, at its first use.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var format = FindFormat(content);
        var sections = new SectionBuilder();
        try
        {
            Read(format, content, sections, run ?? new ReadingRun());
        }
        catch (Exception exception) when (
            exception is not (OutOfMemoryException or DocumentUnreadableException or OperationCanceledException))
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

    private static Format FindFormat(DocumentContent content)
    {
        var bytes = content.Bytes.Span;
        if (FileSignature.IsCompoundFile(bytes))
        {
            throw new DocumentUnreadableException(FileSignature.IsEncryptedOffice(bytes)
                ? "The Word document is encrypted: send it without a password."
                : "The file is of Office before 2007: save it as DOCX or PDF.");
        }

        if (Format.Sniff(bytes) is { } seen)
        {
            return seen;
        }

        var said = Format.Find(content.MediaType) ?? throw new DocumentUnreadableException(
            $"Documents of type '{content.MediaType}' cannot be read.");

        return said.IsText || bytes.IsEmpty
            ? said
            : throw new DocumentUnreadableException(
                $"The document was sent as {said.MediaType}, but it does not begin like one.");
    }

    private static void Read(
        Format format, DocumentContent content, SectionBuilder sections, ReadingRun run)
    {
        if (format == Format.Pdf)
        {
            PdfReader.Read(content.Bytes.ToArray(), sections, run);
        }
        else if (format == Format.Docx)
        {
            DocxReader.Read(content.Bytes.ToArray(), sections, run);
        }
        else
        {
            ReadText(format, content, sections);
        }
    }

    private static void ReadText(Format format, DocumentContent content, SectionBuilder sections)
    {
        var bytes = content.Bytes.Span;
        var charset = MediaTypeHeaderValue.Parse(content.MediaType).CharSet?.Trim('"')
            ?? (format == Format.Html ? HtmlCharset.Find(bytes) : null);
        var text = TextDecoder.Decode(bytes, charset);
        if (format == Format.Markdown)
        {
            MarkdownReader.Read(text, sections);
        }
        else if (format == Format.Html)
        {
            HtmlReader.Read(text, sections);
        }
        else
        {
            sections.AddLines(text);
        }
    }
}
