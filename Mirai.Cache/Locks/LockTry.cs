namespace Mirai.Cache.Locks;

/// <summary>How an attempt at a lock ended.</summary>
/// <param name="Taken">The lock.</param>
/// <param name="HolderLives">How long the lock lives whose holder was in the way.</param>
/// <param name="IsRefused">Redis will not let this lock be taken, however often one asks.</param>
internal readonly record struct LockTry(CacheLock? Taken, TimeSpan? HolderLives, bool IsRefused)
{
    /// <summary>Redis is away, or says no.</summary>
    public bool IsUnanswered => Taken is null && HolderLives is null;
}
