namespace Mirai.Queue.Store;

/// <summary>Whether a loop goes on. It says how long it may be silent; one that is silent for much longer, or that has
/// ended although nobody stopped it, is stuck.</summary>
internal sealed class LoopPulse(TimeProvider time)
{
    /// <summary>What a pass may take beyond the silence it announced. Redis' own time-outs end within seconds; a
    /// restart that was not needed costs more than one that comes some minutes late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const long Never = long.MaxValue;

    // A reading of the clock that nobody sets. Not stuck before it begins.
    private long expectedBefore = Never;

    public bool IsStuck => time.GetTimestamp() >= Volatile.Read(ref expectedBefore);

    /// <summary>The loop goes on, and will say so again.</summary>
    /// <param name="quiet">How long it may be silent until then; infinite when it waits for something that may never
    /// come.</param>
    public void Beat(TimeSpan quiet) => Volatile.Write(ref expectedBefore, quiet == Timeout.InfiniteTimeSpan
        ? Never
        : time.GetTimestamp() + (long)((quiet + Patience).TotalSeconds * time.TimestampFrequency));

    /// <summary>The loop is over.</summary>
    public void End(bool wasStopped) => Volatile.Write(ref expectedBefore, wasStopped ? Never : long.MinValue);
}
