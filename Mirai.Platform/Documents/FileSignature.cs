using System.Text;

namespace Mirai.Platform.Documents;

/// <summary>What the first bytes of a file tell about it.</summary>
internal static class FileSignature
{
    // Readers of PDF look this far for the header: some programs write a few bytes before it.
    private const int PdfWindow = 1024;

    /// <summary>PDF.</summary>
    public static bool IsPdf(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, PdfWindow)].IndexOf("%PDF-"u8) >= 0;

    /// <summary>A ZIP archive with something in it.</summary>
    public static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    /// <summary>A compound file: Office before 2007, and every encrypted file of Office since.</summary>
    public static bool IsCompoundFile(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);

    /// <summary>A compound file that holds an encrypted package.</summary>
    public static bool IsEncryptedOffice(ReadOnlySpan<byte> bytes) =>
        IsCompoundFile(bytes) && bytes.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0;

    /// <summary>A whole page of HTML, as far as its first tag tells.</summary>
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
