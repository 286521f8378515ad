using System.Diagnostics;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Tests.Server;

namespace Mirai.Queue.Tests.Telemetry;

/// <summary>A test that sees the spans of Mirai.Queue.</summary>
[NonParallelizable] // its listener hears the activities of the whole process
internal abstract class TelemetryTest : ServerTest
{
    private readonly List<Activity> spans = [];
    private ActivityListener listener = null!;

    /// <summary>Those that have ended.</summary>
    protected IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (spans)
            {
                return [.. spans];
            }
        }
    }

    [SetUp]
    public void Listen()
    {
        spans.Clear();
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.ActivitySource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    [TearDown]
    public void StopListening() => listener.Dispose();
}
