using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace Mirai.Platform.Documents;

/// <summary>A kind of document that can be read.</summary>
public sealed record DocumentFormat
{
    private DocumentFormat(string mediaType, params ImmutableArray<string> fileExtensions)
    {
        MediaType = mediaType;
        FileExtensions = fileExtensions;
    }

    /// <summary>Markdown: CommonMark with front matter, tables, task lists and strike-through.</summary>
    public static DocumentFormat Markdown { get; } = new("text/markdown", ".md", ".markdown");

    /// <summary>Plain text.</summary>
    public static DocumentFormat PlainText { get; } = new("text/plain", ".txt");

    /// <summary>HTML.</summary>
    public static DocumentFormat Html { get; } = new("text/html", ".html", ".htm");

    /// <summary>All of them.</summary>
    public static ImmutableArray<DocumentFormat> All { get; } = [Markdown, PlainText, Html];

    /// <summary>Its media type, without parameters.</summary>
    public string MediaType { get; }

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

    /// <summary>The format that a file's name promises: for uploads whose sender does not know the media
    /// type.</summary>
    /// <param name="fileName">For instance <c>Chapter 1.md</c>; case does not matter.</param>
    /// <returns><see langword="null"/> when such documents cannot be read.</returns>
    public static DocumentFormat? FindByFileName(string? fileName) => All.FirstOrDefault(format =>
        format.FileExtensions.Contains(Path.GetExtension(fileName) ?? "", StringComparer.OrdinalIgnoreCase));
}
