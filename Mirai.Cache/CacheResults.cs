namespace Mirai.Cache;

/// <summary>What a cache can do at the moment.</summary>
public enum CacheStatus
{
    /// <summary>The cache is switched off: every read misses.</summary>
    Disabled,

    /// <summary>The cache has not been used yet, and has not connected.</summary>
    Idle,

    /// <summary>Redis answers.</summary>
    Available,

    /// <summary>Redis does not answer, or did not accept an invalidation: every read misses, nothing is written, no
    /// caller waits.</summary>
    Degraded,
}

/// <summary>How a write or a deletion ended.</summary>
public enum CacheWriteStatus
{
    /// <summary>Redis is away, or the cache is switched off: nothing was written, as far as the cache knows. The entry
    /// that the write was to replace is deleted before the cache serves anything again.</summary>
    Bypassed,

    /// <summary>Redis made the change.</summary>
    Done,

    /// <summary>The condition was not met: the entry is unchanged.</summary>
    PreconditionFailed,
}

/// <summary>The result of a write or a deletion.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="ETag">The version that is in Redis now: the new one, or after
/// <see cref="CacheWriteStatus.PreconditionFailed"/> the one that did not meet the condition. <see langword="null"/>
/// when there is no entry, or when the version is not known.</param>
public readonly record struct CacheWriteResult(CacheWriteStatus Status, CacheETag? ETag)
{
    /// <summary>Whether the change happened.</summary>
    public bool IsDone => Status == CacheWriteStatus.Done;
}

/// <summary>The result of an invalidation.</summary>
/// <param name="Count">The number of deleted entries; 0 for a tag, whose entries are not counted.</param>
/// <param name="IsDelivered"><see langword="false"/> when Redis is away: the cache remembers the invalidation, and
/// delivers it before it serves anything again.</param>
public readonly record struct CacheInvalidation(long Count, bool IsDelivered);
