namespace Mirai.Cache;

/// <summary>What became of a change.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="ETag">The version that is there now: the new one, or after
/// <see cref="CacheWriteStatus.PreconditionFailed"/> the one that won. <see langword="null"/> when there is no entry,
/// or nobody knows.</param>
public readonly record struct CacheWriteResult(CacheWriteStatus Status, CacheETag? ETag)
{
    /// <summary>The change happened.</summary>
    public bool IsDone => Status == CacheWriteStatus.Done;
}
