using System.Diagnostics.CodeAnalysis;

namespace Mirai.Cache;

/// <summary>The version of an entry, as HTTP writes it: <c>W/"&lt;hash&gt;-&lt;timestamp&gt;"</c>.</summary>
/// <remarks>All tags that Mirai makes are weak. Each names exactly one version of the data, because the hash is of the
/// bytes. Tags are compared weakly (<see cref="Matches"/>), by the text between the quotes, also where HTTP asks for
/// the strong comparison: a weak tag would never match there.</remarks>
public readonly record struct CacheETag
{
    private readonly string? opaque;

    internal CacheETag(string opaque, bool isWeak)
    {
        this.opaque = opaque;
        IsWeak = isWeak;
    }

    /// <summary>Whether the tag begins with <c>W/</c>.</summary>
    public bool IsWeak { get; }

    /// <summary>The text between the quotes.</summary>
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

    /// <summary>Whether both are tags of the same data, whenever these were written to the cache. Tags that Mirai did
    /// not make have no time, and are compared as a whole.</summary>
    /// <param name="other">The other tag.</param>
    /// <returns><see langword="true"/> when the texts before the last hyphen are equal.</returns>
    public bool MatchesData(CacheETag other) => HashOf(Opaque).SequenceEqual(HashOf(other.Opaque));

    /// <summary>The tag as an HTTP header carries it.</summary>
    /// <returns>The tag.</returns>
    public override string ToString() => IsWeak ? $"W/\"{Opaque}\"" : $"\"{Opaque}\"";

    private static ReadOnlySpan<char> HashOf(string opaque) =>
        opaque.LastIndexOf('-') is > 0 and var hyphen && !opaque.AsSpan(hyphen + 1).ContainsAnyExceptInRange('0', '9')
            ? opaque.AsSpan(0, hyphen)
            : opaque;

    // RFC 9110: %x21 / %x23-7E / obs-text.
    private static bool IsOpaque(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is <= ' ' or '"' or '\x7f')
            {
                return false;
            }
        }

        return true;
    }
}
