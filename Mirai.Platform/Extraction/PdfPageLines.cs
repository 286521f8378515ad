using System.Text;
using UglyToad.PdfPig.Content;

namespace Mirai.Platform.Extraction;

/// <summary>Joins the letters of one page to lines.</summary>
internal sealed class PdfPageLines(int page)
{
    // Distances in sizes of the letter: a greater distance between two letters is a space, or starts a line.
    private const double WordGap = 0.2;
    private const double LineGap = 0.5;
    private const double StepBack = 1;

    private readonly List<PdfLine> lines = [];
    private readonly StringBuilder text = new();
    private readonly Dictionary<int, int> sizes = [];
    private double across;
    private double along;
    private double before = double.NaN;

    public void Add(Letter letter)
    {
        var size = Math.Max(double.IsFinite(letter.PointSize) ? letter.PointSize : 1, 1);
        var (start, end, line) = PositionOf(letter);
        if (text.Length > 0 && (Math.Abs(line - across) > LineGap * size || start < along - (StepBack * size)))
        {
            EndLine();
        }

        if (text.Length > 0 && start - along > WordGap * size && !char.IsWhiteSpace(text[^1]))
        {
            text.Append(' ');
        }

        (across, along) = (line, end);
        text.Append(letter.Value.Replace("\0", "", StringComparison.Ordinal));
        var points = (int)Math.Min(Math.Round(size), 1_000);
        sizes[points] = sizes.GetValueOrDefault(points) + letter.Value.Length;
    }

    public IReadOnlyList<PdfLine> End()
    {
        EndLine();
        return lines;
    }

    private void EndLine()
    {
        var value = WellFormed.Of(text.ToString().Trim());
        if (value.Length > 0)
        {
            var size = sizes.MaxBy(pair => pair.Value).Key;
            var gap = double.IsNaN(before) ? -1 : (before - across) / size;
            lines.Add(new PdfLine(value, size, page, gap));
            before = across;
        }

        text.Clear();
        sizes.Clear();
    }

    // Positions along the line and across lines, decreasing downwards, for every rotation of the page.
    private static (double Start, double End, double Line) PositionOf(Letter letter)
    {
        var (from, to) = (letter.StartBaseLine, letter.EndBaseLine);
        return letter.TextOrientation switch
        {
            TextOrientation.Rotate90 => (-from.Y, -to.Y, from.X),
            TextOrientation.Rotate180 => (-from.X, -to.X, -from.Y),
            TextOrientation.Rotate270 => (from.Y, to.Y, -from.X),
            _ => (from.X, to.X, from.Y),
        };
    }
}

/// <summary>A line of a page.</summary>
/// <param name="Text">The text, not blank.</param>
/// <param name="Size">The size of most of its letters, in whole points.</param>
/// <param name="Page">The page, from 1.</param>
/// <param name="Gap">The distance to the line above, in sizes of this line; negative at the top of a page or
/// column.</param>
internal sealed record PdfLine(string Text, int Size, int Page, double Gap);
