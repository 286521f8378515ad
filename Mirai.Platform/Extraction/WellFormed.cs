using System.Text;

namespace Mirai.Platform.Extraction;

/// <summary>Text that a database and JSON can store: fonts and XML can hold half characters and NUL.</summary>
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
