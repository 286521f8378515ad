using System.Globalization;
using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Decodes bytes to text without guessing: bytes that are not valid in their encoding are refused.</summary>
internal static class TextDecoder
{
    private static readonly (byte[] Mark, Encoding Encoding)[] ByteOrderMarks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
        ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>Decodes a document. A byte order mark wins over the declared charset.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="charset">The declared charset, by any name that browsers know; <see langword="null"/> for
    /// UTF-8.</param>
    /// <exception cref="DocumentUnreadableException">The document is empty, binary, or not valid in its
    /// encoding.</exception>
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
                    $"The document is not {encoding.WebName} text: wrong bytes at position {exception.Index}."),
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

/// <summary>Finds the encoding that an HTML page declares.</summary>
internal static class HtmlCharset
{
    // Browsers look as far.
    private const int Window = 1024;

    /// <summary>The charset of the first <c>meta</c> element that names a charset, or
    /// <see langword="null"/>.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Window)]);
        using var source = new TextSource(head);
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token.IsStartTag("meta") && Declared(token.AsTag()) is { } encoding)
            {
                // A page whose meta element can be read byte by byte is not in UTF-16, whatever it declares.
                return encoding is UnicodeEncoding ? Encoding.UTF8.WebName : encoding.WebName;
            }
        }

        return null;
    }

    private static Encoding? Declared(HtmlTagToken meta)
    {
        if (meta.GetAttribute("charset") is { Length: > 0 } charset)
        {
            return TextEncoding.IsSupported(charset) ? TextEncoding.Resolve(charset) : null;
        }

        return meta.GetAttribute("http-equiv").Equals("content-type", StringComparison.OrdinalIgnoreCase)
            ? TextEncoding.Parse(meta.GetAttribute("content"))
            : null;
    }
}

/// <summary>Removes lone surrogates and control characters, which fonts and XML can contain, and which databases and
/// JSON cannot store.</summary>
internal static class WellFormed
{
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\b') && !text.Any(char.IsSurrogate))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value <= '\b' ? "" : rune.ToString());
        }

        return clean.ToString();
    }
}
