namespace Mirai.Cache;

/// <summary>A <see cref="CacheEntry{T}"/>, whatever it holds.</summary>
internal interface ICacheEntry
{
    CacheETag ETag { get; }

    /// <summary>Calls the visitor with the type that the entry holds: without reflection, which trimming
    /// breaks.</summary>
    TResult Accept<TResult>(ICacheEntryVisitor<TResult> visitor);
}
