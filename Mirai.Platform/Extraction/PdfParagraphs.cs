using System.Text;

namespace Mirai.Platform.Extraction;

/// <summary>Distinguishes headings from text by their size, and joins lines to paragraphs.</summary>
internal static class PdfParagraphs
{
    private const double LargerThanText = 1.15;
    private const double ParagraphGap = 1.6;
    private const int LongestHeading = 200;
    private const int LowestLevel = 6;

    public static void Add(IReadOnlyList<PdfLine> lines, SectionBuilder sections)
    {
        var usual = lines.GroupBy(line => line.Size).MaxBy(lines => lines.Sum(line => line.Text.Length))!.Key;
        var levels = lines.Where(line => IsHeading(line, usual)).Select(line => line.Size).Distinct()
            .OrderDescending().Select((size, index) => (size, level: Math.Min(index + 1, LowestLevel)))
            .ToDictionary(pair => pair.size, pair => pair.level);

        for (var start = 0; start < lines.Count;)
        {
            var end = start + 1;
            while (end < lines.Count && Continues(lines[end - 1], lines[end]))
            {
                end++;
            }

            var first = lines[start];
            var text = Join(lines, start, end);
            sections.SetPage(first.Page);
            if (IsHeading(first, usual) && text.Length <= LongestHeading)
            {
                sections.AddHeading(levels[first.Size], text);
            }
            else
            {
                sections.AddParagraph(text);
            }

            start = end;
        }
    }

    private static bool IsHeading(PdfLine line, int usual) =>
        line.Size >= usual * LargerThanText && line.Text.Length <= LongestHeading && line.Text.Any(char.IsLetter);

    private static bool Continues(PdfLine above, PdfLine line) =>
        above.Page == line.Page && above.Size == line.Size && line.Gap is > 0 and < ParagraphGap;

    private static string Join(IReadOnlyList<PdfLine> lines, int start, int end)
    {
        var text = new StringBuilder(lines[start].Text);
        for (var i = start + 1; i < end; i++)
        {
            var next = lines[i].Text;
            if (text.Length > 1 && text[^1] == '-' && char.IsLetter(text[^2]) && char.IsLower(next[0]))
            {
                text.Length--; // the word was divided at the end of its line
            }
            else
            {
                text.Append(' ');
            }

            text.Append(next);
        }

        return text.ToString();
    }
}
