using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace Mirai.Platform.Documents;

/// <summary>A kind of document that can be read.</summary>
public sealed record DocumentFormat
{
    private DocumentFormat(string mediaType, bool isText, params ImmutableArray<string> fileExtensions)
    {
        MediaType = mediaType;
        IsText = isText;
        FileExtensions = fileExtensions;
    }

    /// <summary>Markdown: CommonMark with front matter, tables, task lists and strike-through.</summary>
    public static DocumentFormat Markdown { get; } = new("text/markdown", isText: true, ".md", ".markdown");

    /// <summary>Plain text.</summary>
    public static DocumentFormat PlainText { get; } = new("text/plain", isText: true, ".txt");

    /// <summary>HTML.</summary>
    public static DocumentFormat Html { get; } = new("text/html", isText: true, ".html", ".htm");

    /// <summary>PDF.</summary>
    public static DocumentFormat Pdf { get; } = new("application/pdf", isText: false, ".pdf");

    /// <summary>Word since 2007.</summary>
    public static DocumentFormat Docx { get; } = new(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", isText: false, ".docx");

    /// <summary>All of them.</summary>
    public static ImmutableArray<DocumentFormat> All { get; } = [Markdown, PlainText, Html, Pdf, Docx];

    /// <summary>Its media type, without parameters.</summary>
    public string MediaType { get; }

    /// <summary>Its bytes are text in some encoding; else they are binary, and their beginning tells what they
    /// are.</summary>
    public bool IsText { get; }

    /// <summary>How names of such files end, with the dot.</summary>
    public ImmutableArray<string> FileExtensions { get; }

    /// <summary>The format of a media type.</summary>
    /// <param name="mediaType">For instance <c>text/html; charset=utf-8</c>; case does not matter.</param>
    /// <returns><see langword="null"/> when such documents cannot be read, or it is no media type.</returns>
    public static DocumentFormat? Find(string? mediaType) =>
        MediaTypeHeaderValue.TryParse(mediaType, out var parsed)
            ? All.FirstOrDefault(format =>
                format.MediaType.Equals(parsed.MediaType, StringComparison.OrdinalIgnoreCase))
            : null;

    /// <summary>The format that the bytes themselves show, whatever the sender says.</summary>
    /// <param name="bytes">The document, or its first kilobyte.</param>
    /// <returns><see cref="Pdf"/>, <see cref="Docx"/> for any ZIP archive, <see cref="Html"/> for a page that begins
    /// like one; <see langword="null"/> when they do not show it: all other text.</returns>
    public static DocumentFormat? Sniff(ReadOnlySpan<byte> bytes)
    {
        if (FileSignature.IsPdf(bytes))
        {
            return Pdf;
        }

        return FileSignature.IsZip(bytes) ? Docx : FileSignature.IsHtml(bytes) ? Html : null;
    }

    /// <summary>The format that a file's name promises: for uploads whose sender does not know the media
    /// type.</summary>
    /// <param name="fileName">For instance <c>Chapter 1.md</c>; case does not matter.</param>
    /// <returns><see langword="null"/> when such documents cannot be read.</returns>
    public static DocumentFormat? FindByFileName(string? fileName) => All.FirstOrDefault(format =>
        format.FileExtensions.Contains(Path.GetExtension(fileName) ?? "", StringComparer.OrdinalIgnoreCase));
}
