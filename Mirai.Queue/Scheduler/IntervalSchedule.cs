namespace Mirai.Queue.Scheduler;

/// <summary><c>@every 90s</c>: each tick so long after the one before. The first follows on whatever it is asked
/// after.</summary>
internal sealed class IntervalSchedule(TimeSpan interval) : CronSchedule
{
    // As robfig/cron: less than a second is one second, fractions are cut.
    private readonly TimeSpan interval = TimeSpan.FromSeconds(Math.Max(1, interval.Ticks / TimeSpan.TicksPerSecond));

    public override DateTimeOffset? Next(DateTimeOffset after) => After(after, 1);

    public override DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until)
    {
        var passed = (until.ToUnixTimeSeconds() - after.ToUnixTimeSeconds()) / (long)interval.TotalSeconds;
        return passed < 1 ? null : After(after, passed);
    }

    private DateTimeOffset? After(DateTimeOffset start, long intervals)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(start.ToUnixTimeSeconds());
        return intervals <= (DateTimeOffset.MaxValue - second) / interval ? second + (intervals * interval) : null;
    }
}
