using System.Globalization;
using System.Text;

namespace Mirai.Queue.Wire;

/// <summary>Text that Mirai must print exactly as Go does, because the text is stored or compared.</summary>
internal static class GoText
{
    /// <summary>Error text of an attempt that ran past its timeout or deadline.</summary>
    public const string DeadlineExceeded = "context deadline exceeded";

    /// <summary>Error text of an attempt that was cancelled.</summary>
    public const string Canceled = "context canceled";

    /// <summary>A Go string literal in double quotes, as <c>%q</c> prints it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            AppendQuoted(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The text of a Go string literal in double quotes, as <c>%q</c> prints it.</summary>
    /// <returns><see langword="null"/> when the literal is not valid, or stands for bytes that are no text.</returns>
    public static string? Unquote(string literal)
    {
        if (literal.Length < 2 || literal[0] != '"' || literal[^1] != '"')
        {
            return null;
        }

        var text = new StringBuilder(literal.Length);
        for (var rest = literal.AsSpan(1, literal.Length - 2); !rest.IsEmpty;)
        {
            if (rest[0] == '"' || (rest[0] == '\\' && rest.Length == 1))
            {
                return null;
            }

            var length = rest[0] == '\\' ? AppendEscaped(text, rest[1..]) : AppendPlain(text, rest[0]);
            if (length == 0)
            {
                return null;
            }

            rest = rest[length..];
        }

        return text.ToString();
    }

    private static int AppendPlain(StringBuilder text, char letter)
    {
        text.Append(letter);
        return 1;
    }

    /// <returns>The length of the escape with its backslash; 0 when the escape is not valid.</returns>
    private static int AppendEscaped(StringBuilder text, ReadOnlySpan<char> escape)
    {
        const string Names = "abfnrtv\\\"";
        const string Letters = "\a\b\f\n\r\t\v\\\"";
        if (Names.IndexOf(escape[0]) is >= 0 and var simple)
        {
            text.Append(Letters[simple]);
            return 2;
        }

        var digits = escape[0] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0 || escape.Length <= digits || Letter(escape.Slice(1, digits)) is not { } letter
            || (digits == 2 && !letter.IsAscii))
        {
            return 0;
        }

        text.Append(letter.ToString());
        return digits + 2;
    }

    private static Rune? Letter(ReadOnlySpan<char> digits) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && Rune.TryCreate(value, out var letter)
            ? letter
            : null;

    private static void AppendQuoted(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\': quoted.Append('\\').Append((char)rune.Value); break;
            case '\a': quoted.Append("\\a"); break;
            case '\b': quoted.Append("\\b"); break;
            case '\f': quoted.Append("\\f"); break;
            case '\n': quoted.Append("\\n"); break;
            case '\r': quoted.Append("\\r"); break;
            case '\t': quoted.Append("\\t"); break;
            case '\v': quoted.Append("\\v"); break;
            case < ' ' or 0x7f: quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
            case var value when IsPrintable(rune): quoted.Append(char.ConvertFromUtf32(value)); break;
            case < 0x10000: quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
            default: quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"); break;
        }
    }

    // Go prints letters, marks, numbers, punctuation, symbols and the ASCII space; everything else is escaped.
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
