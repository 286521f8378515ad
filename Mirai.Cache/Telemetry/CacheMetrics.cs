using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mirai.Cache.Telemetry;

/// <summary>The instruments of Mirai.Cache. Recording is nearly free while no listener is attached.</summary>
internal sealed class CacheMetrics
{
    private static readonly double[] Seconds =
        [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10];

    private readonly Counter<long> hits;
    private readonly Counter<long> misses;
    private readonly Counter<long> staleServed;
    private readonly Counter<long> joined;
    private readonly Counter<long> bypassed;
    private readonly Counter<long> errors;
    private readonly Counter<long> removed;
    private readonly Counter<long> locksLost;
    private readonly Histogram<double> operation;
    private readonly Histogram<double> factory;
    private readonly Histogram<double> lockWait;
    private readonly UpDownCounter<long> localSize;

    public CacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Meter);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        hits = meter.CreateCounter<long>(TelemetryNames.Hits, "{read}", "Reads that found a fresh entry.");
        misses = meter.CreateCounter<long>(TelemetryNames.Misses, "{read}", "Reads without a fresh entry, by reason.");
        staleServed = meter.CreateCounter<long>(
            TelemetryNames.StaleServed, "{read}", "Stale entries that were served, by reason.");
        joined = meter.CreateCounter<long>(
            TelemetryNames.Joined, "{read}", "Reads answered by another caller's read.");
        bypassed = meter.CreateCounter<long>(
            TelemetryNames.Bypassed, "{call}", "Calls to Redis that were skipped because Redis is away.");
        errors = meter.CreateCounter<long>(TelemetryNames.Errors, "{call}", "Calls to Redis that failed.");
        removed = meter.CreateCounter<long>(TelemetryNames.Removed, "{entry}", "Entries deleted by pattern or sweep.");
        locksLost = meter.CreateCounter<long>(TelemetryNames.LocksLost, "{lock}", "Locks lost while they were held.");
        operation = meter.CreateHistogram(
            TelemetryNames.OperationDuration, "s", "Duration of a call to Redis.", tags: null, advice);
        factory = meter.CreateHistogram(
            TelemetryNames.FactoryDuration, "s", "Duration of a factory.", tags: null, advice);
        lockWait = meter.CreateHistogram(
            TelemetryNames.LockWait, "s", "Time spent waiting for a lock.", tags: null, advice);
        localSize = meter.CreateUpDownCounter<long>(
            TelemetryNames.LocalSize, "By", "JSON size of the copies in the first level.");
    }

    public bool MeasuresOperations => operation.Enabled;

    public void Hit(string level) => hits.Add(1, Tag(TelemetryNames.Level, level));

    public void Miss(string reason) => misses.Add(1, Tag(TelemetryNames.Reason, reason));

    public void StaleServed(string reason) => staleServed.Add(1, Tag(TelemetryNames.Reason, reason));

    public void Joined() => joined.Add(1);

    public void Bypassed(string name) => bypassed.Add(1, Tag(TelemetryNames.Operation, name));

    public void Error(string name, string type) =>
        errors.Add(1, Tag(TelemetryNames.Operation, name), Tag(TelemetryNames.ErrorType, type));

    public void Operation(string name, TimeSpan duration, string? errorType)
    {
        var tags = new TagList { { TelemetryNames.Operation, name } };
        if (errorType is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorType);
        }

        operation.Record(duration.TotalSeconds, tags);
    }

    public void Factory(TimeSpan duration, bool failed) =>
        factory.Record(duration.TotalSeconds, Tag(TelemetryNames.Outcome, failed ? "failed" : "done"));

    public void Removed(string name, long count) => removed.Add(count, Tag(TelemetryNames.Operation, name));

    public void LockWaited(TimeSpan duration, bool taken) =>
        lockWait.Record(duration.TotalSeconds, Tag(TelemetryNames.Outcome, taken ? "taken" : "refused"));

    public void LockLost() => locksLost.Add(1);

    public void LocalSizeChanged(long bytes) => localSize.Add(bytes);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
