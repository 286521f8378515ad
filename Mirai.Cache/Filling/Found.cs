using Mirai.Cache.Entries;

namespace Mirai.Cache.Filling;

/// <summary>What a read of Redis came to.</summary>
internal readonly record struct Found<T>
{
    /// <summary>Redis answered.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The entry, if readers may have it as it is.</summary>
    public CacheEntry<T>? Fresh { get; init; }

    /// <summary>The entry, if it is past its lifetime but still there.</summary>
    public CacheEntry<T>? Stale { get; init; }

    /// <summary>When <see cref="Stale"/> stopped being fresh, or <see cref="Fresh"/> will, if the entry says
    /// so.</summary>
    public DateTimeOffset? FreshUntil { get; init; }

    /// <summary>The version that is there, whatever it is worth.</summary>
    public CacheETag? Seen { get; init; }

    /// <summary>How many bytes the entry has.</summary>
    public int Size { get; init; }

    public TagMark[] Tags { get; init; }

    /// <summary>Why there is no <see cref="Fresh"/> one.</summary>
    public string Reason { get; init; }

    public static Found<T> Nothing(string reason, bool isKnown = true) =>
        new() { IsKnown = isKnown, Reason = reason, Tags = [] };
}
