using System.Globalization;
using System.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Collects the text that a reader finds, in the order of the document.</summary>
internal sealed class SectionBuilder
{
    /// <summary>The text between two cells of a table row.</summary>
    public const string CellSeparator = " | ";

    private const string BlankLine = "\n\n";

    private readonly List<DocumentSection> sections = [];
    private readonly List<PageMark> marks = [];
    private readonly StringBuilder text = new();
    private int? page;
    private int sectionPage;
    private int length;
    private string? title;
    private string? heading;
    private int level;

    /// <summary>Sets the title of the document; the first title counts.</summary>
    public void SetTitle(string value) => title ??= OneLine(value) is { Length: > 0 } given ? given : null;

    /// <summary>Sets the page of the text that follows, from 1.</summary>
    public void SetPage(int value) => page = value;

    /// <summary>Starts a section.</summary>
    public void AddHeading(int headingLevel, string value)
    {
        var line = OneLine(value);
        if (line.Length == 0)
        {
            return;
        }

        // The list does not contain the section that is open.
        if (sections.Count >= DocumentExtraction.MaxSections - 1)
        {
            Append(line);
            return;
        }

        EndSection();
        (heading, level, sectionPage) = (line, headingLevel, page ?? 0);
        Count(line);
    }

    /// <summary>Adds a paragraph, list item or table row. A run of white space becomes one space; line breaks
    /// stay.</summary>
    public void AddParagraph(string value) =>
        Append(string.Join('\n', value.Split('\n').Select(OneLine).Where(line => line.Length > 0)));

    /// <summary>Adds text whose lines are kept, such as code.</summary>
    public void AddLines(string value) =>
        Append(string.Join('\n', value.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n'));

    /// <summary>Builds the extraction.</summary>
    public DocumentExtraction Build()
    {
        EndSection();
        var found = title
            ?? sections.Where(section => section.Heading is not null).MinBy(section => section.Level)?.Heading;
        var whole = new StringBuilder();
        var starts = sections.ConvertAll(section => Append(whole, section));
        var all = whole.ToString();

        return new DocumentExtraction(
            found is null ? null : Cut(found, DocumentExtraction.MaxTitleLength),
            all, sections.Sum(section => section.Words), KeyTerms.Of(all), sections)
        {
            Pages = page,
            Chunks = [.. ChunksOf(all, starts)],
        };
    }

    // Returns the offset of the section's text.
    private static int Append(StringBuilder whole, DocumentSection section)
    {
        foreach (var part in (string?[])[section.Heading, section.Text])
        {
            if (!string.IsNullOrEmpty(part))
            {
                whole.Append(whole.Length > 0 ? BlankLine : "").Append(part);
            }
        }

        return whole.Length - section.Text.Length;
    }

    private IEnumerable<DocumentChunk> ChunksOf(string whole, List<int> starts)
    {
        var (index, mark) = (0, 0);
        int? current = null;
        for (var section = 0; section < starts.Count; section++)
        {
            var start = starts[section];
            foreach (var (offset, size) in Chunker.Cut(whole, start, start + sections[section].Text.Length))
            {
                for (; mark < marks.Count && marks[mark].IsAtOrBefore(section, offset - start); mark++)
                {
                    current = marks[mark].Page;
                }

                yield return new DocumentChunk(index++, section, current, offset, size);
            }
        }
    }

    private void Append(string lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        text.Append(text.Length > 0 ? "\n" : "");
        if (page is { } here && (marks.Count == 0 || marks[^1].Page != here))
        {
            marks.Add(new PageMark(sections.Count, text.Length, here));
        }

        if (heading is null && text.Length == 0)
        {
            sectionPage = page ?? 0;
        }

        text.Append(lines);
        Count(lines);
    }

    private void Count(string lines)
    {
        length += lines.Length;
        if (length > DocumentExtraction.MaxTextLength)
        {
            throw new DocumentUnreadableException(string.Create(
                CultureInfo.InvariantCulture,
                $"The document has more than {DocumentExtraction.MaxTextLength} characters of text."));
        }
    }

    private void EndSection()
    {
        if (heading is not null || text.Length > 0)
        {
            var body = text.ToString();
            var words = Words.In(heading ?? "").Count() + Words.In(body).Count();
            sections.Add(new DocumentSection(heading, level, body, words)
            {
                Page = sectionPage > 0 ? sectionPage : null,
            });
        }

        text.Clear();
    }

    private static string OneLine(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // The cut must not divide a surrogate pair.
    private static string Cut(string value, int length) => value.Length <= length
        ? value
        : value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];
}

/// <summary>The place where the text of a page begins.</summary>
/// <param name="Section">The section, from 0.</param>
/// <param name="Offset">The offset in the text of the section, in UTF-16 code units.</param>
/// <param name="Page">The page, from 1.</param>
internal readonly record struct PageMark(int Section, int Offset, int Page)
{
    public bool IsAtOrBefore(int section, int offset) =>
        Section < section || (Section == section && Offset <= offset);
}
