using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Durations as Go prints and reads them.</summary>
[GoldenFile(Path)]
internal sealed class DurationVectorTests
{
    private const string Path = "v0.26.0/option_strings.json";
    private const long NanosecondsPerTick = 100;

    [TestCaseSource(nameof(Printed))]
    public void FormatNanoseconds_PrintsAsGo(long nanoseconds, string text) =>
        Assert.That(GoDuration.FormatNanoseconds(nanoseconds), Is.EqualTo(text));

    [TestCaseSource(nameof(PrintedTicks))]
    public void Format_PrintsAsGo(long nanoseconds, string text) =>
        Assert.That(GoDuration.Format(TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick)), Is.EqualTo(text));

    [TestCaseSource(nameof(Printed))]
    [TestCaseSource(nameof(Read))]
    public void TryParse_ReadsAsGo_CutToTicks(long nanoseconds, string text)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.True);

        Assert.That(duration.Ticks, Is.EqualTo(nanoseconds / NanosecondsPerTick));
    }

    [TestCaseSource(nameof(Refused))]
    public void TryParse_RefusesWhatGoRefuses(string text) =>
        Assert.That(GoDuration.TryParse(text, out _), Is.False);

    private static IEnumerable<TestCaseData> Printed() =>
        from vector in Vectors("go_duration_string")
        select new TestCaseData((long)vector!["nanoseconds"]!, (string)vector["string"]!);

    private static IEnumerable<TestCaseData> PrintedTicks() =>
        Printed().Where(printed => (long)printed.Arguments[0]! % NanosecondsPerTick == 0);

    private static IEnumerable<TestCaseData> Read() =>
        from vector in Vectors("go_parse_duration")
        where vector!["error"] is null
        select new TestCaseData((long)vector["nanoseconds"]!, (string)vector["string"]!);

    private static IEnumerable<TestCaseData> Refused() =>
        from vector in Vectors("go_parse_duration")
        where vector!["error"] is not null
        select new TestCaseData((string)vector["string"]!);

    private static JsonArray Vectors(string list) => GoldenFiles.Read(Path)[list]!.AsArray();
}
