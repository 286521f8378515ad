namespace Mirai.Cache;

/// <summary>What became of a change.</summary>
public enum CacheWriteStatus
{
    /// <summary>Redis is away, or the cache is switched off: nothing was written, as far as the cache knows. What the
    /// change was to replace is deleted before the cache serves anything again.</summary>
    Bypassed,

    /// <summary>It happened.</summary>
    Done,

    /// <summary>The condition was not met: the entry is as it was.</summary>
    PreconditionFailed,
}
