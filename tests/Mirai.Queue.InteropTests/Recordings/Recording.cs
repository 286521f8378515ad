using System.Text.Json.Nodes;
using Mirai.Queue.InteropTests.Golden;

namespace Mirai.Queue.InteropTests.Recordings;

/// <summary>A scenario that Go Asynq went through, step by step.</summary>
internal sealed class Recording
{
    private Recording(JsonObject json, DateTimeOffset recorded, DayShift shift)
    {
        Recorded = recorded;
        Shift = shift;
        JsonObject? before = null;
        foreach (var step in json["steps"]!.AsArray())
        {
            Steps.Add(new RecordedStep(step!.AsObject(), before, shift));
            before = step.AsObject();
        }
    }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset Recorded { get; }

    /// <summary>How it is moved in time.</summary>
    public DayShift Shift { get; }

    public List<RecordedStep> Steps { get; } = [];

    /// <summary>Reads the recording that the running test names.</summary>
    /// <param name="days">How many days to move it; by default as many as it takes.</param>
    public static Recording ForTest(int? days = null)
    {
        var json = GoldenFiles.ReadForTest();
        var recorded = DateTimeOffset.FromUnixTimeMilliseconds((long)json["steps"]![0]!["snapshot_unix_ms"]!);
        var shift = days is { } fixedDays
            ? new DayShift(recorded, fixedDays)
            : DayShift.For(recorded, TimeProvider.System.GetUtcNow());

        return new Recording(json, recorded, shift);
    }
}
