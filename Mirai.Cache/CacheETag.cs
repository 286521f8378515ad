using System.Diagnostics.CodeAnalysis;

namespace Mirai.Cache;

/// <summary>The version of an entry, as HTTP writes it: <c>W/"&lt;hash&gt;-&lt;timestamp&gt;"</c>.</summary>
/// <remarks>Mirai's own are all weak, and all the same name one version of the data exactly: the hash is of its bytes.
/// Two are compared weakly (<see cref="Matches"/>), by what is between the quotes, also where HTTP asks for the strong
/// comparison: by that, no weak tag would ever match.</remarks>
public readonly record struct CacheETag
{
    private readonly string? opaque;

    internal CacheETag(string opaque, bool isWeak)
    {
        this.opaque = opaque;
        IsWeak = isWeak;
    }

    /// <summary>It begins with <c>W/</c>.</summary>
    public bool IsWeak { get; }

    /// <summary>What is between the quotes.</summary>
    internal string Opaque => opaque ?? "";

    /// <summary>Reads one entity tag.</summary>
    /// <param name="text">For instance <c>W/"5f2b-1700000000000"</c> or <c>"abc"</c>.</param>
    /// <param name="etag">The tag.</param>
    /// <returns><see langword="false"/> when the text is not one entity tag.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out CacheETag etag)
    {
        etag = default;
        var weak = text?.StartsWith("W/", StringComparison.Ordinal) == true;
        var quoted = text.AsSpan(weak ? 2 : 0);
        if (quoted.Length < 2 || quoted[0] != '"' || quoted[^1] != '"' || !IsOpaque(quoted[1..^1]))
        {
            return false;
        }

        etag = new CacheETag(quoted[1..^1].ToString(), weak);
        return true;
    }

    /// <summary>Reads one entity tag.</summary>
    /// <param name="text">For instance <c>W/"5f2b-1700000000000"</c> or <c>"abc"</c>.</param>
    /// <returns>The tag.</returns>
    /// <exception cref="FormatException">The text is not one entity tag.</exception>
    public static CacheETag Parse(string text) =>
        TryParse(text, out var etag) ? etag : throw new FormatException(
            "An entity tag looks like \"abc\" or W/\"abc\".");

    /// <summary>HTTP's weak comparison.</summary>
    /// <param name="other">The other tag.</param>
    /// <returns><see langword="true"/> when both have the same text between the quotes.</returns>
    public bool Matches(CacheETag other) => string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);

    /// <summary>Whether both are tags of the same data, at whatever times these were written to the cache. Tags that
    /// are not Mirai's have no time, and are compared as a whole.</summary>
    /// <param name="other">The other tag.</param>
    /// <returns><see langword="true"/> when all before the last hyphen is the same.</returns>
    public bool MatchesData(CacheETag other) => HashOf(Opaque).SequenceEqual(HashOf(other.Opaque));

    /// <summary>The tag as a header carries it.</summary>
    /// <returns>The tag.</returns>
    public override string ToString() => IsWeak ? $"W/\"{Opaque}\"" : $"\"{Opaque}\"";

    private static ReadOnlySpan<char> HashOf(string opaque) =>
        opaque.LastIndexOf('-') is > 0 and var hyphen && !opaque.AsSpan(hyphen + 1).ContainsAnyExceptInRange('0', '9')
            ? opaque.AsSpan(0, hyphen)
            : opaque;

    // RFC 9110: %x21 / %x23-7E / obs-text.
    private static bool IsOpaque(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (letter is <= ' ' or '"' or '\x7f')
            {
                return false;
            }
        }

        return true;
    }
}
