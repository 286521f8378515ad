using Cronos;

namespace Mirai.Queue.Scheduler;

/// <summary>A spec of five or six fields in a time zone. A moment is a tick when its local time fits the fields: a
/// time that the clocks skip is no tick, a time that they show twice is two ticks. Cronos does the search, but only
/// over spans without a change of clocks.</summary>
internal sealed class CronCalendar : CronSpec
{
    private const int MostYears = 5;
    private const int DayOfMonth = 3;
    private const int DayOfWeek = 5;

    private readonly CronExpression[] alternatives;
    private readonly TimeZoneInfo zone;

    private CronCalendar(CronExpression[] alternatives, TimeZoneInfo zone)
    {
        this.alternatives = alternatives;
        this.zone = zone;
    }

    /// <exception cref="FormatException">The fields are not valid.</exception>
    public static CronCalendar Parse(string[] texts, TimeZoneInfo zone)
    {
        if (texts.Length is not (5 or 6))
        {
            throw new FormatException(
                $"A spec has five fields, or six with seconds; this one has {texts.Length}.");
        }

        string[] all = texts.Length == 6 ? texts : ["0", .. texts];
        var fields = all.Zip(CronField.Bounds.All, CronField.Parse).ToArray();

        return new CronCalendar([.. Alternatives(fields).Select(ToExpression)], zone);
    }

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var lastYear = TimeZoneInfo.ConvertTime(after, zone).Year + MostYears;
        var (from, inclusive) = (after, false);
        while (true)
        {
            var offset = zone.GetUtcOffset(from);
            if (NextByClock(from.UtcDateTime + offset, inclusive) is not { } clock || clock.Year > lastYear)
            {
                return null;
            }

            var tick = new DateTimeOffset(clock - offset, TimeSpan.Zero);
            if (FirstChange(from, tick, offset) is not { } change)
            {
                return tick;
            }

            (from, inclusive) = (change, true);
        }
    }

    // As in robfig/cron: when the day of month or the day of week is a star, both fields must fit; otherwise one of
    // them is enough, where Cronos asks for both. A field that consists of commas allows no number.
    private static IEnumerable<CronField[]> Alternatives(CronField[] fields)
    {
        if (fields[DayOfMonth].IsStar || fields[DayOfWeek].IsStar)
        {
            return Possible([fields]);
        }

        var (byMonth, byWeek) = ((CronField[])[.. fields], (CronField[])[.. fields]);
        byMonth[DayOfWeek] = CronField.Parse("*", CronField.Bounds.All[DayOfWeek]);
        byWeek[DayOfMonth] = CronField.Parse("*", CronField.Bounds.All[DayOfMonth]);

        return Possible([byMonth, byWeek]);
    }

    private static IEnumerable<CronField[]> Possible(IEnumerable<CronField[]> alternatives) =>
        alternatives.Where(fields => fields.All(field => field.Numbers != 0));

    private static CronExpression ToExpression(CronField[] fields) =>
        CronExpression.Parse(string.Join(' ', fields.Select(field => field.ToCronos())), CronFormat.IncludeSeconds);

    private DateTime? NextByClock(DateTime clock, bool inclusive) => alternatives
        .Select(expression => expression.GetNextOccurrence(DateTime.SpecifyKind(clock, DateTimeKind.Utc), inclusive))
        .Min();

    /// <summary>The first second in which the clocks no longer have <paramref name="offset"/>, up to a
    /// moment.</summary>
    private DateTimeOffset? FirstChange(DateTimeOffset from, DateTimeOffset to, TimeSpan offset)
    {
        const long Day = 24 * 60 * 60; // no zone changes its clocks there and back within one
        var (before, end) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        while (before < end)
        {
            var next = Math.Min(before + Day, end);
            if (OffsetAt(next) != offset)
            {
                return DateTimeOffset.FromUnixTimeSeconds(Bisect(before, next, offset));
            }

            before = next;
        }

        return null;
    }

    private long Bisect(long before, long changed, TimeSpan offset)
    {
        while (changed - before > 1)
        {
            var middle = before + ((changed - before) / 2);
            (before, changed) = OffsetAt(middle) == offset ? (middle, changed) : (before, middle);
        }

        return changed;
    }

    private TimeSpan OffsetAt(long second) => zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(second));
}
