namespace Mirai.Queue.Wire;

/// <summary>Times and durations as Redis holds them: whole Unix seconds without fractions, and 0 for "none". Only
/// <c>pending_since</c> is in nanoseconds.</summary>
internal static class WireTime
{
    private const long NanosecondsPerTick = 100;

    public static long ToUnixNanoseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosecondsPerTick;

    public static DateTimeOffset FromUnixNanoseconds(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    public static long ToSeconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds() ?? 0;

    public static long ToSeconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>When the task of these options is due, in whole seconds; <see langword="null"/> when it is due now or
    /// its due time has passed.</summary>
    public static DateTimeOffset? DueTime(EnqueueOptions options, DateTimeOffset now)
    {
        var due = options.ProcessAt ?? (options.ProcessIn > TimeSpan.Zero ? Later(now, options.ProcessIn.Value) : null);

        return due > now ? DateTimeOffset.FromUnixTimeSeconds(ToDueSeconds(due.Value)) : null;
    }

    /// <summary>A time before which a task must not run: a fraction of a second counts as a whole one.</summary>
    public static long ToDueSeconds(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds(); // rounds down
        var isWhole = time.UtcTicks % TimeSpan.TicksPerSecond == 0;

        return isWhole ? seconds : Clamp(seconds + 1);
    }

    /// <summary>A moment and a duration together; the end of time when they lie beyond it.</summary>
    public static DateTimeOffset Later(DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;

    public static DateTimeOffset? FromSeconds(long seconds) =>
        seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Clamp(seconds));

    public static TimeSpan ToDuration(long seconds) => seconds >= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond
        ? TimeSpan.MaxValue
        : TimeSpan.FromSeconds(Math.Max(seconds, 0));

    // A message can hold any 64-bit number; dates of .NET end with the year 9999.
    private static long Clamp(long seconds) => Math.Clamp(
        seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
}
