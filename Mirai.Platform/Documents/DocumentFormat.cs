using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;

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

    /// <summary>All formats.</summary>
    public static ImmutableArray<DocumentFormat> All { get; } = [Markdown, PlainText, Html, Pdf, Docx];

    /// <summary>The media type, without parameters.</summary>
    public string MediaType { get; }

    /// <summary>Whether the bytes are text in some encoding. Otherwise they are binary, and the first bytes show the
    /// format.</summary>
    public bool IsText { get; }

    /// <summary>The endings of file names, with the dot.</summary>
    public ImmutableArray<string> FileExtensions { get; }

    /// <summary>The format of a media type.</summary>
    /// <param name="mediaType">For instance <c>text/html; charset=utf-8</c>; case does not matter.</param>
    /// <returns><see langword="null"/> when the text is not a media type, or such documents cannot be read.</returns>
    public static DocumentFormat? Find(string? mediaType) =>
        MediaTypeHeaderValue.TryParse(mediaType, out var parsed)
            ? All.FirstOrDefault(format =>
                format.MediaType.Equals(parsed.MediaType, StringComparison.OrdinalIgnoreCase))
            : null;

    /// <summary>The format that the bytes show, whatever the sender says.</summary>
    /// <param name="bytes">The document, or its first kilobyte.</param>
    /// <returns><see cref="Pdf"/>, <see cref="Docx"/> for any ZIP archive, <see cref="Html"/> for text that begins
    /// like a page; <see langword="null"/> for all other bytes.</returns>
    public static DocumentFormat? Sniff(ReadOnlySpan<byte> bytes)
    {
        if (FileSignature.IsPdf(bytes))
        {
            return Pdf;
        }

        return FileSignature.IsZip(bytes) ? Docx : FileSignature.IsHtml(bytes) ? Html : null;
    }

    /// <summary>The format that a file name promises, for uploads whose sender does not know the media
    /// type.</summary>
    /// <param name="fileName">For instance <c>Chapter 1.md</c>; case does not matter.</param>
    /// <returns><see langword="null"/> when such documents cannot be read.</returns>
    public static DocumentFormat? FindByFileName(string? fileName) => All.FirstOrDefault(format =>
        format.FileExtensions.Contains(Path.GetExtension(fileName) ?? "", StringComparer.OrdinalIgnoreCase));
}

/// <summary>Recognizes files by their first bytes.</summary>
internal static class FileSignature
{
    // Readers of PDF look this far for the header, because some programs write a few bytes before it.
    private const int PdfWindow = 1024;

    /// <summary>PDF.</summary>
    public static bool IsPdf(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, PdfWindow)].IndexOf("%PDF-"u8) >= 0;

    /// <summary>A ZIP archive with at least one entry.</summary>
    public static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    /// <summary>A compound file: the format of Office before 2007, and of every encrypted Office file since.</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <summary>A compound file that holds an encrypted package.</summary>
    public static bool IsEncryptedOffice(ReadOnlySpan<byte> bytes) =>
        IsCompoundFile(bytes) && bytes.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0;

    /// <summary>A page of HTML, judged by its first tag.</summary>
    public static bool IsHtml(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        bytes = bytes.TrimStart(" \t\r\n"u8);
        return StartsWith(bytes, "<!doctype html") || StartsWith(bytes, "<html>") || StartsWith(bytes, "<html ");
    }

    private static bool StartsWith(ReadOnlySpan<byte> bytes, string text) =>
        bytes.Length >= text.Length && Ascii.EqualsIgnoreCase(bytes[..text.Length], text);
}
