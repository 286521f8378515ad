using System.Buffers;
using System.Text;

namespace Mirai.Redis;

/// <summary>Patterns as Redis matches them (KEYS, SCAN, PSUBSCRIBE): byte by byte, with the same result as the
/// server.</summary>
internal static class Glob
{
    private static readonly SearchValues<char> Special = SearchValues.Create("*?[]^\\");

    /// <summary>A pattern that matches <paramref name="text"/> and nothing else.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
        {
            escaped.Append(Special.Contains(letter) ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }

    /// <summary>Whether the whole of <paramref name="text"/> matches.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && MatchOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (star >= 0)
            {
                // Let the last star match one byte more. Earlier stars never need to: a shorter match of theirs
                // suffices.
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    // Matches one byte. On success, the position moves behind the part of the pattern that matched.
    private static bool MatchOne(ReadOnlySpan<byte> pattern, ref int position, byte letter)
    {
        switch (pattern[position])
        {
            case (byte)'?':
                position++;
                return true;
            case (byte)'[':
                var (matches, next) = MatchClass(pattern, position + 1, letter);
                position = matches ? next : position;
                return matches;
            case (byte)'\\' when position + 1 < pattern.Length:
                if (pattern[position + 1] == letter)
                {
                    position += 2;
                    return true;
                }

                return false;
            default:
                if (pattern[position] == letter)
                {
                    position++;
                    return true;
                }

                return false;
        }
    }

    private static (bool Matches, int Next) MatchClass(ReadOnlySpan<byte> pattern, int position, byte letter)
    {
        var negated = position < pattern.Length && pattern[position] == '^';
        position += negated ? 1 : 0;
        var found = false;
        for (; position < pattern.Length && pattern[position] != ']'; position++)
        {
            if (pattern[position] == '\\' && position + 1 < pattern.Length)
            {
                found |= pattern[++position] == letter;
            }
            else if (position + 2 < pattern.Length && pattern[position + 1] == '-')
            {
                var (first, last) = (pattern[position], pattern[position + 2]);
                found |= letter >= Math.Min(first, last) && letter <= Math.Max(first, last);
                position += 2;
            }
            else
            {
                found |= pattern[position] == letter;
            }
        }

        // A class without a closing bracket ends with the pattern.
        return (found != negated, Math.Min(position + 1, pattern.Length));
    }
}
