using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.InteropTests.Keyspaces;

namespace Mirai.Queue.InteropTests.Driver;

/// <summary>Command lines that were recorded with Go's driver: on the keys that it found, ours prints the
/// same.</summary>
internal sealed class RecordedCommandTests : DriverTest
{
    // That version knew no headers.
    private const string WithHeaders = "v0.24.1/scenarios/headers_lost.json";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [TestCaseSource(nameof(Recorded))]
    public async Task Run_PrintsWhatGosDriverPrinted(string line, JsonObject step, JsonObject? before)
    {
        var found = before is null ? Keyspace.Empty : Keyspace.Parse(before["keys"]!.AsArray());
        await RedisKeyspace.WriteAsync(Redis, found, _ => Lifetime);

        var result = await RunAsync(line, (int)step["exit"]!);

        var expected = step["output"]!.AsArray();
        Assert.That(result.Lines, Has.Count.EqualTo(expected.Count));
        foreach (var (actual, wanted) in result.Lines.Zip(expected))
        {
            AssertLine(actual, wanted!, [.. Times(wanted!.AsObject())]);
        }
    }

    // The clock's, and not the command line's.
    private static IEnumerable<string> Times(JsonObject output) => output.ContainsKey("outcome")
        ? ["started", "took_ms", "deadline"]
        : output["next_process_at"] is null ? [] : ["next_process_at"];

    private static IEnumerable<TestCaseData> Recorded() =>
        from scenario in GoldenFiles.All.Where(path => path.StartsWith("v0.24.1/scenarios/", StringComparison.Ordinal))
        where scenario != WithHeaders
        let steps = GoldenFiles.Read(scenario)["steps"]!.AsArray()
        from i in Enumerable.Range(0, steps.Count)
        let line = (string?)steps[i]!["ran"]
        where line is not null && line.Split(' ')[0] is "enqueue" or "work"
        select new TestCaseData(line, steps[i]!.AsObject(), i == 0 ? null : steps[i - 1]!.AsObject())
            .SetArgDisplayNames(Path.GetFileNameWithoutExtension(scenario), line);
}
