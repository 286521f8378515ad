namespace Mirai.Queue.Scheduler;

/// <summary>When a periodic task is due, as robfig/cron reads its spec (docs/wire.md, "Cron specs").</summary>
internal abstract class CronSpec
{
    private const string Every = "@every ";

    // Five years from here have every date of the calendar, which five years around 2100 do not.
    private static readonly DateTimeOffset LeapYear = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] ZonePrefixes = ["CRON_TZ=", "TZ="];

    /// <summary>Reads a spec.</summary>
    /// <param name="spec">Five fields, six with seconds in front, or a descriptor; <c>CRON_TZ=zone</c> may precede
    /// them.</param>
    /// <param name="zone">The time zone of specs that name none.</param>
    /// <exception cref="FormatException">Go would refuse it too; the message says why.</exception>
    public static CronSpec Parse(string spec, TimeZoneInfo zone)
    {
        if (spec.Length == 0)
        {
            throw new FormatException("The spec is empty.");
        }

        if (HasZone(spec))
        {
            (zone, spec) = SplitZone(spec);
        }

        return spec.StartsWith('@')
            ? ParseDescriptor(spec, zone)
            : CronCalendar.Parse(spec.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), zone);
    }

    /// <summary>The spec names its own time zone.</summary>
    public static bool HasZone(string spec) =>
        ZonePrefixes.Any(prefix => spec.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Finds a time zone by the names that Go knows: those of the IANA, "UTC" or nothing, "Local".</summary>
    /// <exception cref="FormatException">No time zone has that name.</exception>
    public static TimeZoneInfo FindZone(string name) => name switch
    {
        "" or "UTC" => TimeZoneInfo.Utc,
        "Local" => TimeZoneInfo.Local,
        _ when TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) => zone,
        _ => throw new FormatException($"There is no time zone '{name}'."),
    };

    /// <summary>The first tick after a moment, in whole seconds; <see langword="null"/> when there is none within five
    /// years.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>Why a periodic task with this spec makes no sense; <see langword="null"/> when it does. Go accepts such
    /// specs in silence.</summary>
    public virtual string? Fault(DateTimeOffset now) => Next(now) is null && Next(LeapYear) is null
        ? "It never fires: no date fits it." : null;

    /// <summary>The last tick that is later than <paramref name="after"/> and not later than
    /// <paramref name="until"/>.</summary>
    public virtual DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        var (low, high) = (after, until);
        while (Next(low) is { } next && next <= until)
        {
            last = low = next;

            // A bisection, because years of ticks every second may lie between: each step skips half of the remaining
            // time, or shows that this half has no tick.
            var middle = low + ((high - low) / 2);
            if (Next(middle) is { } later && later <= until)
            {
                last = low = later;
            }
            else
            {
                high = middle;
            }
        }

        return last;
    }

    private static (TimeZoneInfo Zone, string Spec) SplitZone(string spec)
    {
        var space = spec.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            throw new FormatException("The spec has a time zone and no fields.");
        }

        return (FindZone(spec[(spec.IndexOf('=', StringComparison.Ordinal) + 1)..space]), spec[space..].Trim());
    }

    private static CronSpec ParseDescriptor(string descriptor, TimeZoneInfo zone) => descriptor switch
    {
        "@yearly" or "@annually" => CronCalendar.Parse(["0", "0", "1", "1", "*"], zone),
        "@monthly" => CronCalendar.Parse(["0", "0", "1", "*", "*"], zone),
        "@weekly" => CronCalendar.Parse(["0", "0", "*", "*", "0"], zone),
        "@daily" or "@midnight" => CronCalendar.Parse(["0", "0", "*", "*", "*"], zone),
        "@hourly" => CronCalendar.Parse(["0", "*", "*", "*", "*"], zone),
        _ when descriptor.StartsWith(Every, StringComparison.Ordinal) =>
            GoDuration.TryParse(descriptor.AsSpan(Every.Length), out var interval)
                ? new Interval(interval)
                : throw new FormatException($"'{descriptor[Every.Length..]}' is not a duration such as 90s or 1h30m."),
        _ => throw new FormatException($"The descriptor '{descriptor}' is not known."),
    };

    /// <summary><c>@every 90s</c>: each tick follows the one before after this interval, the first one the moment that
    /// <see cref="Next"/> is asked for.</summary>
    private sealed class Interval(TimeSpan interval) : CronSpec
    {
        // As in robfig/cron: less than a second counts as one second, fractions are cut.
        private readonly TimeSpan interval =
            TimeSpan.FromSeconds(Math.Max(1, interval.Ticks / TimeSpan.TicksPerSecond));

        private readonly bool isPositive = interval > TimeSpan.Zero;

        public override DateTimeOffset? Next(DateTimeOffset after) => After(after, 1);

        public override string? Fault(DateTimeOffset now) =>
            isPositive ? null : "Its interval must be more than 0s, for instance @every 90s.";

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
}
