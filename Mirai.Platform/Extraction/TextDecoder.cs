using System.Globalization;
using System.Text;
using AngleSharp.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Bytes to text, and nothing is guessed: what is not valid in its encoding is no text.</summary>
internal static class TextDecoder
{
    private static readonly (byte[] Mark, Encoding Encoding)[] ByteOrderMarks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
        ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>Decodes a document; a byte order mark wins over what is declared.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="charset">What is declared, by any of the names that browsers know; none is UTF-8.</param>
    /// <exception cref="DocumentUnreadableException">It is empty, not valid in its encoding, or binary.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.IsEmpty)
        {
            throw new DocumentUnreadableException("The document is empty.");
        }

        var encoding = FindEncoding(charset);
        foreach (var (mark, marked) in ByteOrderMarks)
        {
            if (bytes.StartsWith(mark))
            {
                bytes = bytes[mark.Length..];
                encoding = marked;
                break;
            }
        }

        return Decode(bytes, encoding);
    }

    private static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            var text = strict.GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new DocumentUnreadableException(
                    "The document contains NUL characters: it is binary, or UTF-16 without a byte order mark.")
                : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new DocumentUnreadableException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The document is no {encoding.WebName} text: wrong bytes at position {exception.Index}."),
                exception);
        }
    }

    private static Encoding FindEncoding(string? charset) => charset switch
    {
        null => Encoding.UTF8,
        _ when TextEncoding.IsSupported(charset) => TextEncoding.Resolve(charset),
        _ => throw new DocumentUnreadableException($"The document's charset '{charset}' is not known."),
    };
}
