using System.Text;

namespace Mirai.Cache;

/// <summary>A pattern of keys as Redis reads it: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[^a-c]</c>, and <c>\</c> before
/// a character that stands for itself.</summary>
/// <remarks>The keys of the queue, the locks and the cache's own keys never match, whatever the pattern.</remarks>
public sealed class CachePattern
{
    private readonly byte[] glob;

    private CachePattern(string text)
    {
        Text = text;
        glob = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Every entry, and every other string in the database except the keys of the queue, the locks and the
    /// cache's own keys. <see cref="Of"/> refuses patterns that mean the same.</summary>
    public static CachePattern Everything { get; } = new("*");

    /// <summary>The text of the pattern.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="glob">For instance <c>courses:*</c>; it has at least one letter or digit outside brackets.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentException">The pattern is empty, or would match nearly every key.</exception>
    public static CachePattern Of(string glob)
    {
        ArgumentNullException.ThrowIfNull(glob);
        if (glob.Length > CacheKey.LongestName || glob.Any(char.IsControl))
        {
            throw new ArgumentException(
                $"A pattern has at most {CacheKey.LongestName} characters, none of them a control character.",
                nameof(glob));
        }

        return HasLiteralCharacter(glob)
            ? new CachePattern(glob)
            : throw new ArgumentException(
                "A pattern has at least one letter or digit outside brackets; "
                    + "use CachePattern.Everything to invalidate everything.",
                nameof(glob));
    }

    /// <summary>All keys that begin with a text.</summary>
    /// <param name="prefix">The text; every character stands for itself.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> has neither a letter nor a digit.</exception>
    public static CachePattern StartingWith(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Of(Glob.Escape(prefix) + "*");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>A pattern without checks: the cache itself, or another process of Mirai, has made it.</summary>
    internal static CachePattern Unchecked(string text) => new(text);

    /// <summary>As <see cref="StartingWith"/>, without checks.</summary>
    internal static CachePattern StartingWithUnchecked(string prefix) => new(Glob.Escape(prefix) + "*");

    /// <summary>Whether Redis would find that a key matches.</summary>
    internal bool Matches(string name) =>
        !CacheKey.IsReserved(name) && Glob.IsMatch(glob, Encoding.UTF8.GetBytes(name));

    private static bool HasLiteralCharacter(string glob)
    {
        var inBrackets = false;
        for (var i = 0; i < glob.Length; i++)
        {
            if (glob[i] == '\\' && i + 1 < glob.Length)
            {
                i++;
            }
            else if (glob[i] is '[' or ']')
            {
                inBrackets = glob[i] == '[';
                continue;
            }

            if (!inBrackets && char.IsLetterOrDigit(glob[i]))
            {
                return true;
            }
        }

        return false;
    }
}
