using System.Text;

namespace Mirai.Platform.Extraction;

/// <summary>The text since the last tag that began a new line.</summary>
internal sealed class HtmlLine
{
    private readonly StringBuilder text = new();
    private bool startsCell;

    /// <summary>Whether line breaks and runs of spaces in the source mean something, as in <c>pre</c>.</summary>
    public bool KeepsSpace { get; set; }

    public void Append(string data)
    {
        if (startsCell && !string.IsNullOrWhiteSpace(data))
        {
            text.Append(text.Length > 0 ? SectionBuilder.CellSeparator : "");
            startsCell = false;
        }

        if (KeepsSpace)
        {
            text.Append(data);
            return;
        }

        foreach (var letter in data)
        {
            // A line break of the source is a space; '\n' in the line stands for a br element.
            text.Append(letter is '\n' or '\r' or '\t' or '\f' ? ' ' : letter);
        }
    }

    public void Break() => text.Append('\n');

    /// <summary>What follows is a cell of its own; an empty one leaves no trace.</summary>
    public void StartCell() => startsCell = true;

    public string Take()
    {
        var taken = text.ToString();
        text.Clear();
        startsCell = false;
        return taken;
    }
}
