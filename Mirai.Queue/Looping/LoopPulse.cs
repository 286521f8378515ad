namespace Mirai.Queue.Looping;

/// <summary>Tells health checks whether a loop is stuck. The loop says how long it may be silent; it is stuck when it
/// is silent for <see cref="Patience"/> longer, or has ended although nobody stopped it.</summary>
internal sealed class LoopPulse(TimeProvider time)
{
    /// <summary>How much longer than announced a loop may be silent. The time-outs of Redis end within seconds; a
    /// restart that was not needed costs more than one that comes some minutes late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const long Never = long.MaxValue;

    // A time stamp of the monotonic clock, which nobody sets. A loop that has not begun is not stuck.
    private long expectedBefore = Never;

    public bool IsStuck => time.GetTimestamp() >= Volatile.Read(ref expectedBefore);

    /// <summary>The loop goes on.</summary>
    /// <param name="quiet">How long it may be silent until its next beat; infinite when it waits for something that
    /// may never come.</param>
    public void Beat(TimeSpan quiet) => Volatile.Write(ref expectedBefore, quiet == Timeout.InfiniteTimeSpan
        ? Never
        : time.GetTimestamp() + (long)((quiet + Patience).TotalSeconds * time.TimestampFrequency));

    /// <summary>The loop is over.</summary>
    public void End(bool wasStopped) => Volatile.Write(ref expectedBefore, wasStopped ? Never : long.MinValue);
}
