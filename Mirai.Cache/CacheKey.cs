using System.Buffers;

namespace Mirai.Cache;

/// <summary>The checked name of an entry.</summary>
/// <remarks>Names often hold text from a request. The checks make sure that such text can become neither a pattern,
/// nor a key of another family, nor a key in another slot of a Redis Cluster.</remarks>
public abstract class CacheKey
{
    internal const int LongestName = 512;

    private const int LongestPart = 128;
    private const string Wildcards = "*?[]\\";
    private const string Braces = "{}";

    // The keys of the queue, of the cache itself and of its locks.
    private static readonly string[] ReservedPrefixes = ["asynq:", "mirai:", "lock:"];

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(Wildcards + Braces);

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private protected CacheKey(string name) => Name = CheckName(name);

    /// <summary>The key in Redis, character by character.</summary>
    public string Name { get; }

    /// <summary>Names an entry.</summary>
    /// <typeparam name="T">The type of the entry's data.</typeparam>
    /// <param name="name">1 to 512 characters without control characters, braces and the wildcards of Redis; the name
    /// must not begin with <c>asynq:</c>, <c>lock:</c> or <c>mirai:</c>.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public static CacheKey<T> Of<T>(string name) => new(name);

    /// <summary>Checks an id, or a similar word, before it becomes a part of a key.</summary>
    /// <param name="id">1 to 128 characters: ASCII letters, digits, hyphen, underscore and dot.</param>
    /// <returns>The same id.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is not an id.</exception>
    public static string CheckId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestPart && !id.AsSpan().ContainsAnyExcept(IdCharacters)
            ? id
            : throw new ArgumentException(
                $"An id has 1 to {LongestPart} characters: letters, digits, hyphen, underscore and dot.", nameof(id));
    }

    /// <summary>Checks a tag: of an entry (see <see cref="CacheEntryOptions.Tags"/>), or before it becomes a part of a
    /// key.</summary>
    /// <param name="tag">1 to 128 characters: letters of any language, digits, and inside the tag spaces and any of
    /// <c>-_.+#&amp;</c>.</param>
    /// <returns>The same tag.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is not a tag.</exception>
    public static string CheckTag(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag.Length is > 0 and <= LongestPart && tag.All(IsTagCharacter) && tag[0] != ' ' && tag[^1] != ' '
            ? tag
            : throw new ArgumentException(
                $"A tag has 1 to {LongestPart} characters: letters, digits, and inside it spaces and any of -_.+#&.",
                nameof(tag));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Checks the name of an entry or of a lock.</summary>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    internal static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAny(Forbidden) || HasControlCharacter(name)
            || char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
        {
            throw new ArgumentException(
                $"A key has 1 to {LongestName} characters, no control character and none of {Wildcards}{Braces}, and "
                    + "neither begins nor ends with white space.",
                nameof(name));
        }

        return IsReserved(name)
            ? throw new ArgumentException(
                $"Keys that begin with {string.Join(", ", ReservedPrefixes)} do not belong to the cache.",
                nameof(name))
            : name;
    }

    /// <summary>Whether a key that was found in Redis belongs to a family that the cache never touches.</summary>
    internal static bool IsReserved(string name)
    {
        foreach (var prefix in ReservedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasControlCharacter(string name)
    {
        foreach (var character in name)
        {
            if (char.IsControl(character))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTagCharacter(char character) =>
        char.IsLetterOrDigit(character) || character is ' ' or '-' or '_' or '.' or '+' or '#' or '&';
}

/// <summary>The checked name of an entry that holds a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The type of the entry's data.</typeparam>
public sealed class CacheKey<T> : CacheKey
{
    internal CacheKey(string name)
        : base(name)
    {
    }
}
