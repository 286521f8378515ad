using Mirai.Platform.Extraction;

namespace Mirai.Platform.Generation.Extractive;

/// <summary>Finds the sentences of a text that say most about the subject of the whole material.</summary>
internal sealed class Sentences
{
    // Shorter sentences are captions, longer ones are tables.
    private const int LeastWords = 4;
    private const int MostWords = 60;

    // Drawings, commands and formulas have a smaller share of letters.
    private const double LeastShareOfLetters = 0.85;

    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);

    public Sentences(IEnumerable<string> texts)
    {
        foreach (var term in texts.SelectMany(KeyTerms.In))
        {
            uses[term] = uses.GetValueOrDefault(term) + 1;
        }
    }

    /// <summary>The most significant sentences, in the order of the text.</summary>
    public IReadOnlyList<string> Best(string text, int count) =>
    [
        .. Of(text).Select((sentence, index) => (sentence, index, weight: WeightOf(sentence)))
            .Where(candidate => candidate.weight > 0)
            .OrderByDescending(candidate => candidate.weight).Take(count)
            .OrderBy(candidate => candidate.index).Select(candidate => candidate.sentence),
    ];

    /// <summary>All sentences. The end of a line also ends a sentence.</summary>
    public static IEnumerable<string> Of(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var start = 0;
            for (var i = 0; i < line.Length; i++)
            {
                var isEnd = line[i] is '。' or '！' or '？'
                    || (line[i] is '.' or '!' or '?' && i + 1 < line.Length && line[i + 1] == ' ');
                if (isEnd)
                {
                    yield return line[start..(i + 1)].Trim();
                    start = i + 1;
                }
            }

            if (line[start..].Trim() is { Length: > 0 } rest)
            {
                yield return rest;
            }
        }
    }

    private double WeightOf(string sentence)
    {
        var words = Words.In(sentence).Count();
        return words is < LeastWords or > MostWords || !IsProse(sentence)
            ? 0
            : KeyTerms.In(sentence).Distinct().Sum(term => uses.GetValueOrDefault(term)) / Math.Sqrt(words);
    }

    private static bool IsProse(string sentence) =>
        sentence.Count(char.IsLetterOrDigit) >= LeastShareOfLetters * sentence.Count(
            letter => !char.IsWhiteSpace(letter));
}
