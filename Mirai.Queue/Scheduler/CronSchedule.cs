namespace Mirai.Queue.Scheduler;

/// <summary>When a periodic task is due, as robfig/cron reads its spec (docs/wire.md, "Cron specs").</summary>
internal abstract class CronSchedule
{
    private const string Every = "@every ";

    private static readonly string[] ZonePrefixes = ["CRON_TZ=", "TZ="];

    /// <summary>Reads a spec.</summary>
    /// <param name="spec">Five fields, six with seconds in front, or a descriptor; before them perhaps
    /// <c>CRON_TZ=zone</c>.</param>
    /// <param name="zone">The time zone of specs that name none.</param>
    /// <exception cref="FormatException">Go would refuse it too; the message says why.</exception>
    public static CronSchedule Parse(string spec, TimeZoneInfo zone)
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
            : CalendarSchedule.Parse(spec.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), zone);
    }

    /// <summary>The spec names its own time zone.</summary>
    public static bool HasZone(string spec) =>
        ZonePrefixes.Any(prefix => spec.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Finds a time zone by the names that Go knows: those of the IANA, "UTC" or nothing, "Local".</summary>
    /// <exception cref="FormatException">There is none of that name.</exception>
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

    /// <summary>The last of the ticks that follow on <paramref name="after"/>, up to
    /// <paramref name="until"/>.</summary>
    public virtual DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        var (low, high) = (after, until);
        while (Next(low) is { } next && next <= until)
        {
            last = low = next;

            // Years of seconds may lie between: half of what is left is passed over, or known to hold nothing.
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
            throw new FormatException("Nothing follows the time zone.");
        }

        return (FindZone(spec[(spec.IndexOf('=', StringComparison.Ordinal) + 1)..space]), spec[space..].Trim());
    }

    private static CronSchedule ParseDescriptor(string descriptor, TimeZoneInfo zone) => descriptor switch
    {
        "@yearly" or "@annually" => CalendarSchedule.Parse(["0", "0", "1", "1", "*"], zone),
        "@monthly" => CalendarSchedule.Parse(["0", "0", "1", "*", "*"], zone),
        "@weekly" => CalendarSchedule.Parse(["0", "0", "*", "*", "0"], zone),
        "@daily" or "@midnight" => CalendarSchedule.Parse(["0", "0", "*", "*", "*"], zone),
        "@hourly" => CalendarSchedule.Parse(["0", "*", "*", "*", "*"], zone),
        _ when descriptor.StartsWith(Every, StringComparison.Ordinal) =>
            GoDuration.TryParse(descriptor.AsSpan(Every.Length), out var interval)
                ? new IntervalSchedule(interval)
                : throw new FormatException($"'{descriptor[Every.Length..]}' is no duration such as 90s or 1h30m."),
        _ => throw new FormatException($"There is no descriptor '{descriptor}'."),
    };
}
