namespace Mirai.Cache;

/// <summary>What a cache can do at the moment.</summary>
public enum CacheStatus
{
    /// <summary>It is switched off: every read misses.</summary>
    Disabled,

    /// <summary>Nobody has used it yet; it has not connected.</summary>
    Idle,

    /// <summary>Redis answers.</summary>
    Available,

    /// <summary>Redis does not answer, or did not take an invalidation: every read misses, nothing is written, nobody
    /// waits.</summary>
    Degraded,
}
