using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Mirai.Platform.Extraction;

/// <summary>Finds the headings of a Word document, by the outline level of a paragraph or by the built-in name of its
/// style, which is English in every language.</summary>
internal sealed class DocxStyles
{
    private const int LongestChain = 20;
    private const int LowestLevel = 6;
    private const string HeadingName = "heading ";
    private const string TitleName = "title";

    private readonly Dictionary<string, Style> styles = new(StringComparer.Ordinal);

    public DocxStyles(StyleDefinitionsPart? part)
    {
        foreach (var style in part?.Styles?.Elements<Style>() ?? [])
        {
            if (style.StyleId?.Value is { } id)
            {
                styles.TryAdd(id, style);
            }
        }
    }

    /// <summary>1 for the highest heading to 6; 0 for a paragraph that is not a heading.</summary>
    public int LevelOf(Paragraph paragraph)
    {
        if (paragraph.ParagraphProperties?.OutlineLevel?.Val?.Value is { } own)
        {
            return ToLevel(own);
        }

        foreach (var style in ChainOf(paragraph))
        {
            if (style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } outline)
            {
                return ToLevel(outline);
            }

            var name = style.StyleName?.Val?.Value?.ToLowerInvariant() ?? "";
            if (name == TitleName)
            {
                return 1;
            }

            if (name.StartsWith(HeadingName, StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(HeadingName.Length), CultureInfo.InvariantCulture, out var level))
            {
                return Math.Clamp(level, 1, LowestLevel);
            }
        }

        return 0;
    }

    public bool IsTitle(Paragraph paragraph) => ChainOf(paragraph).FirstOrDefault() is { } style
        && TitleName.Equals(style.StyleName?.Val?.Value, StringComparison.OrdinalIgnoreCase);

    // The style and the styles that it is based on. The length is limited, because a style can be based on itself.
    private IEnumerable<Style> ChainOf(Paragraph paragraph)
    {
        var id = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value;
        for (var i = 0; i < LongestChain && id is not null && styles.TryGetValue(id, out var style); i++)
        {
            yield return style;
            id = style.BasedOn?.Val?.Value;
        }
    }

    // Word counts from 0; 9 is body text.
    private static int ToLevel(int outline) => outline is >= 0 and < 9 ? Math.Min(outline + 1, LowestLevel) : 0;
}
