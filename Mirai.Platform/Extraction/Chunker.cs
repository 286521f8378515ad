using Mirai.Platform.Documents;

namespace Mirai.Platform.Extraction;

/// <summary>Cuts text into chunks, at the end of a line, else of a sentence, else of a word.</summary>
internal static class Chunker
{
    // Cuts in the first half of a chunk would make many small chunks.
    private const int Least = DocumentChunk.MaxLength / 2;

    /// <summary>The chunks of a part of the text as offset and length, without white space at their ends.</summary>
    public static IEnumerable<(int Offset, int Length)> Cut(string text, int start, int end)
    {
        while (true)
        {
            while (start < end && char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            if (start >= end)
            {
                yield break;
            }

            var next = end - start <= DocumentChunk.MaxLength
                ? end
                : start + FindCut(text.AsSpan(start, DocumentChunk.MaxLength));
            yield return (start, text.AsSpan(start, next - start).TrimEnd().Length);
            start = next;
        }
    }

    private static int FindCut(ReadOnlySpan<char> window)
    {
        if (window.LastIndexOf('\n') is >= Least and var line)
        {
            return line;
        }

        if (FindSentenceEnd(window) is >= Least and var sentence)
        {
            return sentence;
        }

        if (window.LastIndexOf(' ') is >= Least and var word)
        {
            return word;
        }

        // The cut must not divide a surrogate pair.
        return window.Length - (char.IsHighSurrogate(window[^1]) ? 1 : 0);
    }

    private static int FindSentenceEnd(ReadOnlySpan<char> window)
    {
        for (var i = window.Length - 1; i > 0; i--)
        {
            var isEnd = window[i] == ' ' && window[i - 1] is '.' or '!' or '?';
            if (isEnd || window[i - 1] is '。' or '！' or '？')
            {
                return i;
            }
        }

        return -1;
    }
}
