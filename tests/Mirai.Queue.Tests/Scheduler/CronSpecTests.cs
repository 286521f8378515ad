using System.Globalization;
using CsCheck;
using Mirai.Queue.Scheduler;

namespace Mirai.Queue.Tests.Scheduler;

internal sealed class CronSpecTests
{
    // 2027: clocks go forward on March 28 at 02:00 (+01:00) in Berlin, back on October 31 at 03:00 (+02:00).
    [TestCase("30 2 * * *", "2027-03-27T02:30:00+01:00", "2027-03-29T02:30:00+02:00",
        TestName = "a time that the clocks skip is no tick")]
    [TestCase("30 3 * * *", "2027-03-28T01:59:59+01:00", "2027-03-28T03:30:00+02:00",
        TestName = "a time after the gap is one")]
    [TestCase("0 3 * * *", "2027-03-28T01:59:59+01:00", "2027-03-28T03:00:00+02:00",
        TestName = "the first time after the gap is one")]
    [TestCase("*/15 * * * *", "2027-03-28T01:45:00+01:00", "2027-03-28T03:00:00+02:00",
        TestName = "quarters go on after the gap")]
    [TestCase("30 2 * * *", "2027-10-30T02:30:00+02:00", "2027-10-31T02:30:00+02:00",
        TestName = "a time that comes twice is a tick")]
    [TestCase("30 2 * * *", "2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00",
        TestName = "and again the second time")]
    [TestCase("30 2 * * *", "2027-10-31T02:30:00+01:00", "2027-11-01T02:30:00+01:00",
        TestName = "and then the next day")]
    [TestCase("*/15 * * * *", "2027-10-31T02:45:00+02:00", "2027-10-31T02:00:00+01:00",
        TestName = "quarters go on through the repeated hour")]
    [TestCase("0 3 * * *", "2027-10-31T02:45:00+01:00", "2027-10-31T03:00:00+01:00",
        TestName = "the end of the repeated hour comes once")]
    [TestCase("@daily", "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00", TestName = "a day of 23 hours")]
    [TestCase("@daily", "2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00", TestName = "a day of 25 hours")]
    [TestCase("@every 1h", "2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00",
        TestName = "an interval does not look at clocks")]
    public void Next_KeepsToLocalTime_WhenClocksChange(string spec, string after, string expected) =>
        Assert.That(Parse(spec, "Europe/Berlin").Next(Time(after)), Is.EqualTo(Time(expected)));

    [TestCase("0 0 * * *", "America/Sao_Paulo", "2018-11-03T00:00:00-03:00", "2018-11-05T00:00:00-02:00",
        TestName = "a day without midnight")]
    [TestCase("45 1 * * *", "Australia/Lord_Howe", "2027-04-04T01:45:00+11:00", "2027-04-04T01:45:00+10:30",
        TestName = "half an hour comes twice")]
    [TestCase("15 2 * * *", "Australia/Lord_Howe", "2027-10-02T02:15:00+10:30", "2027-10-04T02:15:00+11:00",
        TestName = "half an hour is skipped")]
    [TestCase("0 12 30 12 *", "Pacific/Apia", "2010-12-30T12:00:00-10:00", "2012-12-30T12:00:00+14:00",
        TestName = "a day that was skipped")]
    public void Next_KeepsToLocalTime_WhereClocksChangeOddly(
        string spec, string zone, string after, string expected) =>
        Assert.That(Parse(spec, zone).Next(Time(after)), Is.EqualTo(Time(expected)));

    [TestCase("*/10 * * * * *", "2027-01-15T08:00:10Z", "2027-01-15T08:00:20Z")]
    [TestCase("30 0 9 * * mon", "2027-01-15T08:00:00Z", "2027-01-18T09:00:30Z")]
    [TestCase("CRON_TZ=Europe/Berlin 30 0 9 * * *", "2027-01-15T08:00:00Z", "2027-01-15T08:00:30Z")]
    public void Next_KnowsSeconds_WhenThereAreSixFields(string spec, string after, string expected) =>
        Assert.That(Parse(spec).Next(Time(after)), Is.EqualTo(Time(expected)));

    [TestCase("0 0 1-31 * mon", "2027-01-15T00:00:00Z", "2027-01-16T00:00:00Z",
        TestName = "a full range restricts: either day fits")]
    [TestCase("0 0 */2 * mon", "2027-01-15T00:00:00Z", "2027-01-17T00:00:00Z",
        TestName = "a star with steps restricts, too")]
    [TestCase("0 0 */1 * mon", "2027-01-15T00:00:00Z", "2027-01-18T00:00:00Z",
        TestName = "a star with step one does not")]
    [TestCase("0 0 *-3-4 * fri", "2027-01-15T00:00:00Z", "2027-01-22T00:00:00Z", TestName = "nor a star with a range")]
    [TestCase("0 0 13 * fri", "2027-01-15T00:00:00Z", "2027-01-22T00:00:00Z", TestName = "Fridays, and 13ths")]
    [TestCase("0 0 *,13 * fri", "2027-01-15T00:00:00Z", "2027-01-22T00:00:00Z",
        TestName = "a list with a star is a star")]
    public void Next_JoinsDaysAsGo(string spec, string after, string expected) =>
        Assert.That(Parse(spec).Next(Time(after)), Is.EqualTo(Time(expected)));

    [TestCase(", * * * *", TestName = "a field of commas allows nothing")]
    [TestCase("0 0 31 2 *", TestName = "a day that no month has")]
    [TestCase("0 0 30 feb ?", TestName = "nor February")]
    public void Next_IsNever_WhenNothingFits(string spec) =>
        Assert.That(Parse(spec).Next(Time("2027-01-15T00:00:00Z")), Is.Null);

    [TestCase("", "empty")]
    [TestCase("* * * *", "five fields")]
    [TestCase("* * * * * * *", "five fields")]
    [TestCase("* * * * 7", "day of week '7'")]
    [TestCase("* * L * *", "day of month 'L'")]
    [TestCase("* * 15W * *", "day of month '15W'")]
    [TestCase("* * * * 1#2", "day of week '1#2'")]
    [TestCase("* * * * fri-mon", "day of week 'fri-mon'")]
    [TestCase("1-2-3 * * * *", "minute '1-2-3'")]
    [TestCase("*/5/5 * * * *", "minute '*/5/5'")]
    [TestCase("*/0 * * * *", "step is 0")]
    [TestCase("* 5-/2 * * *", "hour '5-/2'")]
    [TestCase("* * * january *", "month 'january'")]
    [TestCase("60 * * * * *", "second '60'")]
    [TestCase("@Daily", "@Daily")]
    [TestCase("@daily ", "@daily ")]
    [TestCase("@every", "@every")]
    [TestCase("@every 1d", "1d")]
    [TestCase("TZ=Europe/Berlin", "time zone")]
    [TestCase("TZ=Mars/Olympus * * * * *", "Mars/Olympus")]
    public void Parse_SaysWhatIsWrong(string spec, string reason) =>
        Assert.That(() => Parse(spec), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [TestCase("@every 1h", "2027-01-15T00:00:00.7Z", "2027-01-15T10:59:59Z", "2027-01-15T10:00:00Z")]
    [TestCase("@every 1h", "2027-01-15T00:00:00Z", "2027-01-15T00:59:59Z", null)]
    [TestCase("* * * * * *", "2020-01-01T00:00:00Z", "2027-01-15T10:59:59Z", "2027-01-15T10:59:59Z")]
    [TestCase("* * * jan *", "2020-01-01T00:00:00Z", "2027-06-15T10:59:59Z", "2027-01-31T23:59:00Z")]
    [TestCase("@yearly", "2020-01-01T00:00:00Z", "2020-12-31T23:59:59Z", null)]
    [TestCase(", * * * *", "2020-01-01T00:00:00Z", "2027-06-15T10:59:59Z", null)]
    public void Last_FindsLatestTick_HoweverManyLieBetween(
        string spec, string after, string until, string? expected) =>
        Assert.That(Parse(spec).Last(Time(after), Time(until)), Is.EqualTo(expected is null ? null : Time(expected)));

    [Test]
    public void Next_IsTheFirstMomentWhoseLocalTimeFits_InAnyZone()
    {
        string[] zones =
            ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"];
        var spec = Gen.Select(
            Gen.Int[0, 59], Gen.Int[0, 23], Gen.Int[1, 12], Gen.Int[0, zones.Length - 1].Select(i => zones[i]));
        var start = Time("2027-01-01T00:00:00Z");

        spec.Select(Gen.Int[0, 365 * 24 * 60]).Sample(
            (fields, minutes) =>
            {
                var (minute, hour, step, zone) = fields;
                var after = start.AddMinutes(minutes);
                var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
                var expected = after.AddMinutes(1);
                while (!Fits(TimeZoneInfo.ConvertTime(expected, local), minute, hour, step))
                {
                    expected = expected.AddMinutes(1);
                }

                var next = Parse($"{minute} {hour}-23/{step} * * *", zone).Next(after);

                return next == expected;
            },
            iter: 2_000);
    }

    private static bool Fits(DateTimeOffset local, int minute, int hour, int step) =>
        local.Minute == minute && local.Hour >= hour && (local.Hour - hour) % step == 0;

    private static CronSpec Parse(string spec, string zone = "UTC") =>
        CronSpec.Parse(spec, TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
