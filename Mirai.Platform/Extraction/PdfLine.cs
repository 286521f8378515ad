namespace Mirai.Platform.Extraction;

/// <summary>A line of a page.</summary>
/// <param name="Text">What it says, not blank.</param>
/// <param name="Size">The size of most of its letters, in whole points.</param>
/// <param name="Page">Its page, from 1.</param>
/// <param name="Gap">How far below the line before it stands, in its own size; negative at the top of a page or
/// column.</param>
internal sealed record PdfLine(string Text, int Size, int Page, double Gap);
