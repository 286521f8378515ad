using System.Buffers;

namespace Mirai.Cache;

/// <summary>What names of keys, ids and tags may look like. Names come from requests: none may be a pattern, a key of
/// somebody else's, or one that lands in another slot of a cluster.</summary>
internal static class KeyName
{
    public const int LongestName = 512;
    public const int LongestPart = 128;

    private const string Wildcards = "*?[]\\";
    private const string Braces = "{}";

    // The queue's keys, the cache's own, and its locks.
    private static readonly string[] Reserved = ["asynq:", "mirai:", "lock:"];

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(Wildcards + Braces);

    private static readonly SearchValues<char> IdLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>A whole key.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAny(Forbidden) || HasControl(name)
            || char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
        {
            throw new ArgumentException(
                $"A key has 1 to {LongestName} characters, no control character and none of {Wildcards}{Braces}.",
                nameof(name));
        }

        return IsReserved(name)
            ? throw new ArgumentException(
                $"Keys that begin with {string.Join(", ", Reserved)} are not the cache's.", nameof(name))
            : name;
    }

    /// <summary>An id or a status as a part of a key.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static string CheckId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestPart && !id.AsSpan().ContainsAnyExcept(IdLetters)
            ? id
            : throw new ArgumentException(
                $"An id has 1 to {LongestPart} characters: letters, digits, hyphen, underscore and dot.", nameof(id));
    }

    /// <summary>A tag: what people write, in any language.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static string CheckTag(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag.Length is > 0 and <= LongestPart && tag.All(IsTagLetter) && tag[0] != ' ' && tag[^1] != ' '
            ? tag
            : throw new ArgumentException(
                $"A tag has 1 to {LongestPart} characters: letters, digits, and inside it spaces and any of -_.+#&.",
                nameof(tag));
    }

    /// <summary>Whether a key found in Redis is one that the cache never touches.</summary>
    public static bool IsReserved(string name)
    {
        foreach (var prefix in Reserved)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasControl(string name)
    {
        foreach (var letter in name)
        {
            if (char.IsControl(letter))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTagLetter(char letter) =>
        char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' or '+' or '#' or '&';
}
