namespace Mirai.Cache;

/// <summary>How a lock is taken and kept.</summary>
public sealed record CacheLockOptions
{
    internal static CacheLockOptions Default { get; } = new();

    /// <summary>For locks whose token nobody looks at: no key remembers it.</summary>
    internal static CacheLockOptions WithoutFence { get; } = new() { IsFenced = false };

    /// <summary>How long the lock outlives its owner's last sign of life.</summary>
    /// <value>100 ms to 1 h. Default: 10 s.</value>
    public TimeSpan TimeToLive
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A lock lives 100 ms to 1 h.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait while somebody else holds it. A Mirai process that gives it back wakes those who
    /// wait; of others it is noticed within a second.</summary>
    /// <value>0 (try once) to 1 day. Default: 0.</value>
    public TimeSpan WaitTimeout
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Waiting takes 0 to 1 day.");
    }

    /// <summary>Renews the lock while it is held, every third of its lifetime.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool IsRenewed { get; init; } = true;

    internal bool IsFenced { get; init; } = true;
}
