using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace Mirai.Platform.Extraction;

/// <summary>What an HTML page says of its own encoding.</summary>
internal static class HtmlCharset
{
    // Browsers look no further either.
    private const int Window = 1024;

    /// <summary>The charset of the first <c>meta</c> element that names one; <see langword="null"/> when none
    /// does.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Window)]);
        using var source = new TextSource(head);
        using var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        for (var token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token.IsStartTag("meta") && Declared(token.AsTag()) is { } encoding)
            {
                // A page whose meta element can be read byte by byte is not in UTF-16, whatever it says.
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
