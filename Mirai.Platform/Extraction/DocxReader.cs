using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Reads Word documents, one paragraph or table row at a time.</summary>
internal static class DocxReader
{
    // The number of paragraphs is not known in advance, so the progress counts in steps.
    private const int ParagraphsPerStep = 200;

    /// <summary>Adds the text of a document.</summary>
    public static void Read(byte[] bytes, SectionBuilder sections, ReadingRun run)
    {
        DocxPackage.Check(bytes, run);
        using var stream = new MemoryStream(bytes, writable: false);
        using var document = Open(stream);
        var main = document.MainDocumentPart ?? throw new DocumentUnreadableException(
            "The file is a ZIP archive and not a Word document.");
        if (!main.Uri.OriginalString.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
        {
            // The check has read only parts whose names end with .xml.
            throw new DocumentUnreadableException("The Word document is damaged: its text is not in an XML part.");
        }

        ReadBody(main, new DocxStyles(main.StyleDefinitionsPart), sections, run);
    }

    private static WordprocessingDocument Open(Stream stream)
    {
        try
        {
            return WordprocessingDocument.Open(stream, isEditable: false);
        }
        catch (Exception exception) when (exception is OpenXmlPackageException or FileFormatException)
        {
            throw new DocumentUnreadableException("The file is a ZIP archive and not a Word document.", exception);
        }
    }

    private static void ReadBody(
        MainDocumentPart main, DocxStyles styles, SectionBuilder sections, ReadingRun run)
    {
        var blocks = 0;
        using var reader = OpenXmlReader.Create(main);
        while (reader.Read())
        {
            if (!reader.IsStartElement)
            {
                continue;
            }

            if (reader.ElementType == typeof(Paragraph))
            {
                Add((Paragraph)reader.LoadCurrentElement()!, styles, sections);
                run.Report(++blocks % ParagraphsPerStep, ParagraphsPerStep);
            }
            else if (reader.ElementType == typeof(TableRow))
            {
                Add((TableRow)reader.LoadCurrentElement()!, sections);
                run.Report(++blocks % ParagraphsPerStep, ParagraphsPerStep);
            }
        }
    }

    private static void Add(Paragraph paragraph, DocxStyles styles, SectionBuilder sections)
    {
        var text = DocxText.Of(paragraph);
        if (styles.LevelOf(paragraph) is > 0 and var level)
        {
            sections.AddHeading(level, text);
            if (styles.IsTitle(paragraph))
            {
                sections.SetTitle(text);
            }
        }
        else
        {
            sections.AddParagraph(text);
        }
    }

    private static void Add(TableRow row, SectionBuilder sections) => sections.AddParagraph(string.Join(
        SectionBuilder.CellSeparator,
        row.Elements<TableCell>()
            .Select(cell => DocxText.Of(cell).ReplaceLineEndings(" "))
            .Where(cell => !string.IsNullOrWhiteSpace(cell))));
}

/// <summary>The current text of a part of a Word document, without deleted revisions.</summary>
internal static class DocxText
{
    public static string Of(OpenXmlElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return WellFormed.Of(text.ToString());
    }

    // DocxPackage refuses deep nesting, so recursion is safe.
    private static void Append(OpenXmlElement element, StringBuilder text)
    {
        foreach (var child in element.ChildElements)
        {
            switch (child)
            {
                case Text run:
                    text.Append(run.Text);
                    break;
                case TabChar:
                    text.Append(' ');
                    break;
                case NoBreakHyphen:
                    text.Append('-');
                    break;
                case Break or CarriageReturn:
                    text.Append('\n');
                    break;

                // The fallback repeats the content for programs that do not know the first form.
                case AlternateContentFallback:
                    break;
                case Paragraph inner:
                    text.Append(text.Length > 0 ? "\n" : "");
                    Append(inner, text);
                    break;
                default:
                    Append(child, text);
                    break;
            }
        }
    }
}
