using System.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Collects what a reader finds, in the order of the document.</summary>
internal sealed class SectionBuilder
{
    /// <summary>What stands between the cells of a table row.</summary>
    public const string CellSeparator = " | ";

    private const string BlankLine = "\n\n";

    private readonly List<DocumentSection> sections = [];
    private readonly StringBuilder text = new();
    private string? title;
    private string? heading;
    private int level;

    /// <summary>The document's title; the first one counts.</summary>
    public void SetTitle(string value) => title ??= OneLine(value) is { Length: > 0 } given ? given : null;

    /// <summary>Begins a section.</summary>
    public void AddHeading(int headingLevel, string value)
    {
        var line = OneLine(value);
        if (line.Length == 0)
        {
            return;
        }

        // The section that is open is not in the list yet.
        if (sections.Count >= DocumentExtraction.MaxSections - 1)
        {
            Append(line);
            return;
        }

        EndSection();
        (heading, level) = (line, headingLevel);
    }

    /// <summary>Adds a paragraph, list item or table row: runs of white space are one space, line breaks
    /// stay.</summary>
    public void AddParagraph(string value) =>
        Append(string.Join('\n', value.Split('\n').Select(OneLine).Where(line => line.Length > 0)));

    /// <summary>Adds text whose lines are kept, such as code.</summary>
    public void AddLines(string value) =>
        Append(string.Join('\n', value.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n'));

    /// <summary>What was found.</summary>
    public DocumentExtraction Build()
    {
        EndSection();
        var whole = string.Join(BlankLine, sections
            .SelectMany(section => (string?[])[section.Heading, section.Text])
            .Where(part => !string.IsNullOrEmpty(part)));
        var found = title
            ?? sections.Where(section => section.Heading is not null).MinBy(section => section.Level)?.Heading;

        return new DocumentExtraction(
            found is null ? null : Cut(found, DocumentExtraction.MaxTitleLength),
            whole, sections.Sum(section => section.Words), KeyTerms.Of(whole), sections);
    }

    private void Append(string lines)
    {
        if (lines.Length > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(lines);
        }
    }

    private void EndSection()
    {
        if (heading is not null || text.Length > 0)
        {
            var body = text.ToString();
            var words = Words.In(heading ?? "").Count() + Words.In(body).Count();
            sections.Add(new DocumentSection(heading, level, body, words));
        }

        text.Clear();
    }

    private static string OneLine(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // Never through the middle of a character.
    private static string Cut(string value, int length) => value.Length <= length
        ? value
        : value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];
}
