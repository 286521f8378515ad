using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>The default retry delay: a formula with a random part.</summary>
[GoldenFile(Path)]
internal sealed class RetryDelayVectorTests
{
    private const string Path = "v0.26.0/retry_delay.json";
    private const int Draws = 20_000;

    [TestCaseSource(nameof(Samples))]
    public void Default_IsDistributedAsGos(JsonObject sample)
    {
        var retried = (int)sample["retried"]!;
        var lowest = (double)sample["formula_min_seconds"]!;
        var highest = (double)sample["formula_max_seconds"]!;

        var delays = Enumerable.Range(0, Draws)
            .Select(_ => RetryDelay.Default(new RetryDelayArguments(retried, new InvalidOperationException(), "t")).TotalSeconds).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(delays.Distinct().Count(), Is.EqualTo((int)sample["distinct_values"]!));
            Assert.That(delays.Min(), Is.EqualTo(lowest));
            Assert.That(delays.Max(), Is.EqualTo(highest));

            // The mean of so many draws is off by 0.2 % of the range, and that of Go as well.
            Assert.That(
                delays.Average(), Is.EqualTo((double)sample["mean_seconds"]!).Within(0.02 * (highest - lowest)));
        }
    }

    private static IEnumerable<TestCaseData> Samples() =>
        from sample in GoldenFiles.Read(Path)["samples"]!.AsArray()
        select new TestCaseData(sample!.AsObject()).SetArgDisplayNames($"retried {sample["retried"]}");
}
