using System.Net.Http.Headers;
using System.Text;
using Mirai.Platform.Documents;
using Format = Mirai.Platform.Documents.DocumentFormat;

namespace Mirai.Platform.Extraction;

/// <summary>Reads documents: their sections, text, chunks, word counts and key terms.</summary>
/// <remarks>Documents come from strangers. The size of a document bounds time and memory, whatever the document
/// contains; the README says what hostile documents cost.</remarks>
public static class DocumentExtractor
{
    /// <summary>Reads a document. The same document always gives the same result.</summary>
    /// <param name="content">The document. Its bytes decide whether it is PDF, DOCX or a page of HTML; for other text
    /// the media type decides. The encoding of text is that of the byte order mark, else of the <c>charset</c> of the
    /// media type, else of the <c>meta</c> element of an HTML page, else UTF-8.</param>
    /// <param name="run">Progress and cancellation; <see langword="null"/> for neither.</param>
    /// <returns>The text of the document.</returns>
    /// <exception cref="DocumentUnreadableException">The format is not supported, or the document is encrypted or
    /// damaged, becomes too large when it is unpacked, is not text in its encoding, or has no words.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static DocumentExtraction Extract(DocumentContent content, ReadingRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(content);

        // Before the first use of AngleSharp, which looks up its encodings once.
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
            // Parsers refuse some input with exceptions of their own (Markdig: nesting that is too deep), and would
            // refuse the same input again.
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
                : "The file has the format of Office before 2007: save it as DOCX or PDF.");
        }

        if (Format.Sniff(bytes) is { } sniffed)
        {
            return sniffed;
        }

        var declared = Format.Find(content.MediaType) ?? throw new DocumentUnreadableException(
            $"Documents of type '{content.MediaType}' cannot be read.");

        return declared.IsText || bytes.IsEmpty
            ? declared
            : throw new DocumentUnreadableException(
                $"The document was sent as {declared.MediaType}, but its first bytes are not those of that format.");
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
