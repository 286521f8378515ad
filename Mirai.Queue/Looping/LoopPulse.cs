namespace Mirai.Queue.Looping;

/// <summary>Whether a loop makes progress. Each pass announces how long the loop will be silent. A loop that is silent
/// for much longer, or that ended without being stopped, is stuck.</summary>
internal sealed class LoopPulse(TimeProvider time)
{
    /// <summary>How long a loop may be silent beyond the time it announced. Time-outs of Redis end within seconds, and
    /// a needless restart of the process costs more than a restart that comes minutes late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const long Never = long.MaxValue;

    // A timestamp. A loop that has not begun is not stuck.
    private long expectedBefore = Never;

    public bool IsStuck => time.GetTimestamp() >= Volatile.Read(ref expectedBefore);

    /// <summary>Announces that the loop will be silent for a time.</summary>
    /// <param name="quiet">For how long at most; infinite when the loop waits for an event that may never
    /// come.</param>
    public void Beat(TimeSpan quiet) => Volatile.Write(ref expectedBefore, quiet == Timeout.InfiniteTimeSpan
        ? Never
        : time.GetTimestamp() + (long)((quiet + Patience).TotalSeconds * time.TimestampFrequency));

    /// <summary>Records that the loop has ended.</summary>
    public void End(bool wasStopped) => Volatile.Write(ref expectedBefore, wasStopped ? Never : long.MinValue);
}
