using System.Globalization;
using System.Text;

namespace Mirai.Platform.Extraction;

/// <summary>The words of a text: runs of letters, digits and their marks; an apostrophe between two of them belongs to
/// the word (<c>don't</c>). Scripts that write no spaces (Chinese, Japanese) count a run as one word.</summary>
internal static class Words
{
    /// <summary>The words, in order.</summary>
    public static IEnumerable<string> In(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (LengthAt(text, end) is > 0 and var length)
            {
                end += length;
                end += IsApostrophe(text, end) && LengthAt(text, end + 1) > 0 ? 1 : 0;
            }

            if (end > start)
            {
                yield return text[start..end];
            }

            start = end + 1;
        }
    }

    // How long the letter, digit or mark is that stands there; 0 when none does.
    private static int LengthAt(string text, int index) =>
        index < text.Length && Rune.TryGetRuneAt(text, index, out var rune) && IsPart(rune)
            ? rune.Utf16SequenceLength
            : 0;

    private static bool IsPart(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsApostrophe(string text, int index) => index < text.Length && text[index] is '\'' or '’';
}
