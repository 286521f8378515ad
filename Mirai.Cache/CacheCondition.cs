namespace Mirai.Cache;

/// <summary>What must be true of the existing entry for a change to happen: HTTP's <c>If-Match</c> and
/// <c>If-None-Match</c>. Redis compares and changes in one step.</summary>
/// <remarks>An entry that is never served (damaged, older than 24 hours, of a later version) counts as no
/// entry.</remarks>
public sealed class CacheCondition
{
    private const string AnyTag = "*";

    private readonly CacheETag[] etags;
    private readonly bool isAny;

    private CacheCondition(bool negated, bool isAny, params CacheETag[] etags)
    {
        IsNegated = negated;
        this.isAny = isAny;
        this.etags = etags;
    }

    /// <summary><c>If-Match: *</c>: there is an entry.</summary>
    public static CacheCondition Exists { get; } = new(negated: false, isAny: true);

    /// <summary><c>If-None-Match: *</c>: there is no entry.</summary>
    public static CacheCondition IsAbsent { get; } = new(negated: true, isAny: true);

    internal bool IsNegated { get; }

    /// <summary>What change_entry.lua compares the existing version with.</summary>
    internal IEnumerable<string> Operands => isAny ? [AnyTag] : etags.Select(etag => etag.Opaque);

    /// <summary><c>If-Match</c>: the entry has one of these versions.</summary>
    /// <param name="etags">One or more versions.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException"><paramref name="etags"/> is empty.</exception>
    public static CacheCondition IfMatch(params CacheETag[] etags) =>
        new(negated: false, isAny: false, Checked(etags));

    /// <summary><c>If-None-Match</c>: the entry has none of these versions.</summary>
    /// <param name="etags">One or more versions.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException"><paramref name="etags"/> is empty.</exception>
    public static CacheCondition IfNoneMatch(params CacheETag[] etags) =>
        new(negated: true, isAny: false, Checked(etags));

    /// <summary>Whether the condition holds for a version that the caller knows, by HTTP's weak comparison.</summary>
    /// <param name="current">The version, or <see langword="null"/> for no entry.</param>
    /// <returns><see langword="true"/> when the change may happen.</returns>
    public bool IsMetBy(CacheETag? current)
    {
        var listed = current is { } existing && (isAny || Array.Exists(etags, existing.Matches));
        return listed != IsNegated;
    }

    /// <summary>Whether the condition holds for a version that the caller knows, by the data alone: a tag of Mirai
    /// consists of the hash of the data and the time of the write, and this method ignores the time. An entry that was
    /// evicted and made again, or that Redis never took, is then still the version that a client has seen. Use it for
    /// data that hold a version of their own, which the resource itself compares.</summary>
    /// <param name="current">The version, or <see langword="null"/> for no entry.</param>
    /// <returns><see langword="true"/> when the change may happen.</returns>
    public bool IsMetByDataOf(CacheETag? current)
    {
        var listed = current is { } existing && (isAny || Array.Exists(etags, existing.MatchesData));
        return listed != IsNegated;
    }

    private static CacheETag[] Checked(CacheETag[] etags)
    {
        ArgumentNullException.ThrowIfNull(etags);
        return etags.Length > 0 ? etags : throw new ArgumentException(
            "A condition needs at least one tag.", nameof(etags));
    }
}
