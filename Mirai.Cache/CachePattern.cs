using System.Text;

namespace Mirai.Cache;

/// <summary>A pattern of keys in Redis' own language: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[^a-c]</c>, and <c>\</c>
/// before a character that is meant as it is.</summary>
/// <remarks>The keys of the queue, locks and the cache's own marks never match, whatever the pattern.</remarks>
public sealed class CachePattern
{
    private readonly byte[] glob;

    private CachePattern(string text)
    {
        Text = text;
        glob = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Every entry, and every other string in the database that is not the queue's, a lock or the cache's
    /// own. To say so takes this property: <see cref="Of"/> refuses patterns that mean the same.</summary>
    public static CachePattern Everything { get; } = new("*");

    /// <summary>The pattern, letter by letter.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="glob">For instance <c>courses:*</c>; it names at least one letter or digit outside
    /// brackets.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentException">It is empty, or would match nearly everything.</exception>
    public static CachePattern Of(string glob)
    {
        ArgumentNullException.ThrowIfNull(glob);
        if (glob.Length > KeyName.LongestName || glob.Any(char.IsControl))
        {
            throw new ArgumentException(
                $"A pattern has at most {KeyName.LongestName} characters, none of them a control character.",
                nameof(glob));
        }

        return NamesSomething(glob)
            ? new CachePattern(glob)
            : throw new ArgumentException(
                "A pattern names at least one letter or digit outside brackets; "
                    + "to invalidate everything, say CachePattern.Everything.",
                nameof(glob));
    }

    /// <summary>All keys that begin so.</summary>
    /// <param name="prefix">The beginning; nothing in it has a meaning.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentException">It is empty or has neither letter nor digit.</exception>
    public static CachePattern StartingWith(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Of(Escape(prefix) + "*");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>What another process invalidated, which was checked there.</summary>
    internal static CachePattern AsTold(string text) => new(text);

    /// <summary>Whether Redis would say that a key matches.</summary>
    internal bool Matches(string name) =>
        !KeyName.IsReserved(name) && Glob.IsMatch(glob, Encoding.UTF8.GetBytes(name));

    internal static string Escape(string text) => Glob.Escape(text);

    private static bool NamesSomething(string glob)
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
