using System.Globalization;
using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Scheduler;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Specs as robfig/cron reads them, and the times it computed, on days of changing clocks too.</summary>
[GoldenFile(Path)]
internal sealed class CronVectorTests
{
    private const string Path = "v0.26.0/cron.json";

    // Seconds are what Mirai adds to Go's five fields.
    private const string WithSeconds = "* * * * * *";

    [TestCaseSource(nameof(Times))]
    public void Next_IsGos(string spec, string location, string from, string?[] expected)
    {
        var schedule = CronSpec.Parse(spec, TimeZoneInfo.FindSystemTimeZoneById(location));

        var after = Time(from);
        foreach (var time in expected)
        {
            var next = schedule.Next(after);
            Assert.That(next, Is.EqualTo(time is null ? null : Time(time)), $"after {after:O}");
            after = next ?? after;
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Parse_RefusesWhatGoRefuses(string spec) =>
        Assert.That(() => CronSpec.Parse(spec, TimeZoneInfo.Utc), Throws.TypeOf<FormatException>());

    private static IEnumerable<TestCaseData> Times() =>
        from vector in Vectors()
        where vector!["error"] is null
        from row in vector["next"]!.AsArray()
        select new TestCaseData(
            (string)vector["spec"]!, (string)row!["location"]!, (string)row["from"]!,
            row["next"]!.AsArray().Select(time => (string?)time).ToArray());

    private static IEnumerable<TestCaseData> Refused() =>
        from vector in Vectors()
        where vector!["error"] is not null && (string)vector["spec"]! != WithSeconds
        select new TestCaseData((string)vector["spec"]!);

    private static JsonArray Vectors() => GoldenFiles.Read(Path)["vectors"]!.AsArray();

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
