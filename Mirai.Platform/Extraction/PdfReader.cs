using System.Globalization;
using Mirai.Platform.Documents;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;

namespace Mirai.Platform.Extraction;

/// <summary>Reads PDF: the text in the order in which the file draws it. Lines that are larger than most of the text
/// are headings.</summary>
internal static class PdfReader
{
    private const int MaxPages = 2_000;
    private const int MaxNesting = 128;

    /// <summary>Adds the text of a document.</summary>
    public static void Read(byte[] bytes, SectionBuilder sections, ReadingRun run)
    {
        using var document = Open(bytes);
        if (document.NumberOfPages > MaxPages)
        {
            throw new DocumentUnreadableException(string.Create(
                CultureInfo.InvariantCulture,
                $"The PDF has {document.NumberOfPages} pages; at most {MaxPages} are read."));
        }

        var lines = ReadLines(document, run);
        if (lines.Count == 0)
        {
            throw new DocumentUnreadableException(
                "The PDF has no text: its pages are pictures. Send it with a text layer (OCR).");
        }

        PdfParagraphs.Add(lines, sections);
        sections.SetPage(document.NumberOfPages);
    }

    private static PdfDocument Open(byte[] bytes)
    {
        var options = new ParsingOptions
        {
            SkipMissingFonts = true,
            MaxStackDepth = MaxNesting,
            FilterProvider = new BoundedFilters(),
        };
        try
        {
            return PdfDocument.Open(bytes, options);
        }
        catch (PdfDocumentEncryptedException exception)
        {
            throw new DocumentUnreadableException("The PDF is encrypted: send it without a password.", exception);
        }
    }

    private static List<PdfLine> ReadLines(PdfDocument document, ReadingRun run)
    {
        var lines = new List<PdfLine>();
        long characters = 0;
        for (var number = 1; number <= document.NumberOfPages; number++)
        {
            run.Report(number - 1, document.NumberOfPages);
            var page = new PdfPageLines(number);
            foreach (var letter in document.GetPage(number).Letters)
            {
                page.Add(letter);
                characters += letter.Value.Length;
            }

            lines.AddRange(page.End());
            if (characters > DocumentExtraction.MaxTextLength)
            {
                throw new DocumentUnreadableException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The document has more than {DocumentExtraction.MaxTextLength} characters of text."));
            }
        }

        return lines;
    }
}
