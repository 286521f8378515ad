using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Mirai.Platform.Extraction;

/// <summary>The words of a text: runs of letters, digits and marks. An apostrophe inside belongs to the word
/// (<c>don't</c>). In scripts without spaces (Chinese, Japanese) a run counts as one word.</summary>
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

    // The length of the letter, digit or mark at the index; 0 for any other character.
    private static int LengthAt(string text, int index) =>
        index < text.Length && Rune.TryGetRuneAt(text, index, out var rune) && IsPart(rune)
            ? rune.Utf16SequenceLength
            : 0;

    private static bool IsPart(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsApostrophe(string text, int index) => index < text.Length && text[index] is '\'' or '’';
}

/// <summary>The words that a text uses most.</summary>
/// <remarks>A term is a word in lower case, without the part after an apostrophe, of 3 to 50 characters, which is
/// neither a number nor an English stop word. Texts in other languages have their own stop words among the terms.
/// </remarks>
internal static class KeyTerms
{
    private const int Count = 10;
    private const int MinLength = 3;
    private const int MaxLength = 50;

    private static readonly FrozenSet<string> StopWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "about", "above", "after", "again", "against", "ain", "all", "also", "although", "always", "among", "and",
        "another", "any", "are", "aren", "around", "because", "been", "before", "being", "below", "between", "both",
        "but", "can", "cannot", "could", "couldn", "did", "didn", "does", "doesn", "doing", "don", "done", "down",
        "during", "each", "either", "else", "even", "ever", "every", "few", "for", "from", "further", "get", "gets",
        "had", "hadn", "has", "hasn", "have", "haven", "having", "hence", "her", "here", "hers", "herself", "him",
        "himself", "his", "how", "however", "into", "isn", "its", "itself", "just", "let", "like", "many", "may",
        "might", "more", "most", "much", "must", "myself", "neither", "nor", "not", "now", "off", "often", "once",
        "one", "only", "other", "others", "our", "ours", "ourselves", "out", "over", "own", "per", "same", "shall",
        "she", "should", "shouldn", "since", "some", "still", "such", "than", "that", "the", "their", "theirs",
        "them", "themselves", "then", "there", "these", "they", "this", "those", "though", "through", "thus", "too",
        "two", "under", "until", "upon", "use", "used", "uses", "using", "very", "via", "was", "wasn", "well",
        "were", "weren", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why",
        "will", "with", "within", "without", "won", "would", "wouldn", "yet", "you", "your", "yours", "yourself",
        "yourselves");

    /// <summary>Up to ten terms, the most frequent first.</summary>
    public static IReadOnlyList<string> Of(string text) =>
    [
        .. In(text)
            .GroupBy(term => term, StringComparer.Ordinal) // keeps the order of first use, and so does the sort
            .OrderByDescending(uses => uses.Count())
            .Take(Count)
            .Select(uses => uses.Key),
    ];

    /// <summary>Every word that can be a term, in the form of a term, in order.</summary>
    public static IEnumerable<string> In(string text) => Words.In(text)
        .Select(word => word.Split('\'', '’')[0].ToLowerInvariant())
        .Where(IsTerm);

    private static bool IsTerm(string word) =>
        word.Length is >= MinLength and <= MaxLength && !StopWords.Contains(word) && !word.All(char.IsDigit);
}
