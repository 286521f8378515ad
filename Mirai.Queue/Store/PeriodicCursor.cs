namespace Mirai.Queue.Store;

/// <summary>How far the ticks of a periodic task are settled.</summary>
/// <param name="Tick">The last one settled, by whomever.</param>
/// <param name="IsOfOtherSpec">It had another spec then, so that nothing can be told of what was missed.</param>
internal readonly record struct PeriodicCursor(DateTimeOffset Tick, bool IsOfOtherSpec)
{
    /// <summary>A tick settled further ahead comes of a clock that was wrong, and settles nothing: clocks this far
    /// apart have long broken the leases.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);
}
