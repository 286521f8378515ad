using Mirai.Queue.InteropTests.Golden;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Options as scheduler entries list them.</summary>
[GoldenFile(Path)]
internal sealed class OptionTextVectorTests
{
    private const string Path = "v0.26.0/option_strings.json";

    private static readonly Dictionary<string, EnqueueOptions> Options = new()
    {
        ["MaxRetry(5)"] = new EnqueueOptions { MaxRetry = 5 },
        ["MaxRetry(0)"] = new EnqueueOptions { MaxRetry = 0 },
        ["Queue(\"low\")"] = new EnqueueOptions { Queue = "low" },
        ["Queue(\"we \\\"quote\\\" \\\\ é 😀\\n\\x01\")"] = new EnqueueOptions { Queue = "we \"quote\" \\ é 😀\n\u0001" },
        ["Timeout(30s)"] = new EnqueueOptions { Timeout = TimeSpan.FromSeconds(30) },
        ["Timeout(0s)"] = new EnqueueOptions { Timeout = TimeSpan.Zero },
        ["Deadline(Tue Jan  5 08:00:00 UTC 2027)"] = new EnqueueOptions
        {
            Deadline = new DateTimeOffset(2027, 1, 5, 9, 0, 0, TimeSpan.FromHours(1)),
        },
        ["Unique(1h0m0s)"] = new EnqueueOptions { UniqueFor = TimeSpan.FromHours(1) },
        ["ProcessAt(Mon Nov 15 08:09:10 UTC 2027)"] = new EnqueueOptions
        {
            ProcessAt = new DateTimeOffset(2027, 11, 15, 8, 9, 10, TimeSpan.Zero),
        },
        ["ProcessIn(1h30m0s)"] = new EnqueueOptions { ProcessIn = TimeSpan.FromMinutes(90) },
        ["TaskID(\"id-1\")"] = new EnqueueOptions { TaskId = "id-1" },
        ["Retention(24h0m0s)"] = new EnqueueOptions { Retention = TimeSpan.FromHours(24) },
        ["Group(\"g\")"] = new EnqueueOptions { Group = "g" },
    };

    [TestCaseSource(nameof(Texts))]
    public void Of_PrintsAsGo(string text) =>
        Assert.That(EnqueueOptionText.Of(Options[text]), Is.EqualTo(new[] { text }));

    [TestCaseSource(nameof(Texts))]
    public void Read_ReadsWhatGoPrints(string text) =>
        Assert.That(EnqueueOptionReader.Read([text], out _), Is.EqualTo(Options[text]));

    [Test]
    public void Of_PrintsNothing_WhenNothingIsSet() =>
        Assert.That(EnqueueOptionText.Of(new EnqueueOptions()), Is.Empty);

    private static IEnumerable<string> Texts() =>
        GoldenFiles.Read(Path)["options"]!.AsArray().Select(option => (string)option!["string"]!);
}
