namespace Mirai.Platform.Extraction;

/// <summary>From here on the text is on that page.</summary>
/// <param name="Section">The section, from 0.</param>
/// <param name="Offset">Where in its text, in UTF-16 code units.</param>
/// <param name="Page">The page, from 1.</param>
internal readonly record struct PageMark(int Section, int Offset, int Page)
{
    public bool IsAtOrBefore(int section, int offset) =>
        Section < section || (Section == section && Offset <= offset);
}
