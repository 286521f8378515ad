using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mirai.Queue.Telemetry;

/// <summary>The instruments of Mirai.Queue. Recording is nearly free while no listener has enabled the
/// instrument.</summary>
internal sealed class QueueMetrics
{
    private static readonly double[] Seconds =
        [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300];

    private readonly Counter<long> sent;
    private readonly Counter<long> refusedFull;
    private readonly Counter<long> consumed;
    private readonly Histogram<double> operation;
    private readonly Histogram<double> process;
    private readonly UpDownCounter<long> active;
    private readonly Histogram<double> pickUp;
    private readonly Counter<long> leasesLost;
    private readonly Counter<long> recovered;
    private readonly Counter<long> returned;
    private readonly Counter<long> ghosts;
    private readonly Counter<long> quarantined;
    private readonly Counter<long> deferred;
    private readonly Counter<long> unknownTypes;
    private readonly Counter<long> trimmed;
    private readonly Counter<long> abandoned;
    private readonly Counter<long> ticks;
    private readonly Histogram<double> tickLag;
    private readonly Counter<long> aggregated;
    private readonly Counter<long> reclaimed;

    public QueueMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Meter);
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        sent = meter.CreateCounter<long>(TelemetryNames.SentMessages, "{message}", "Tasks enqueued.");
        refusedFull = meter.CreateCounter<long>(
            TelemetryNames.RefusedFull, "{task}", "Tasks that Redis refused to store because it was full.");
        consumed = meter.CreateCounter<long>(
            TelemetryNames.ConsumedMessages, "{message}", "Tasks taken from a queue.");
        operation = meter.CreateHistogram(
            TelemetryNames.OperationDuration, "s", "How long a call to Redis for tasks took.", tags: null, advice);
        process = meter.CreateHistogram(
            TelemetryNames.ProcessDuration, "s", "How long a handler ran.", tags: null, advice);
        active = meter.CreateUpDownCounter<long>(TelemetryNames.ActiveTasks, "{task}", "Handlers that run now.");
        pickUp = meter.CreateHistogram(
            TelemetryNames.PickUpDelay, "s", "From the moment a task was due to its first attempt.", tags: null,
            advice);
        leasesLost = meter.CreateCounter<long>(
            TelemetryNames.LeasesLost, "{task}", "Tasks that went to another worker.");
        recovered = meter.CreateCounter<long>(
            TelemetryNames.TasksRecovered, "{task}", "Tasks whose lease ran out, of dead workers for instance.");
        returned = meter.CreateCounter<long>(
            TelemetryNames.TasksReturned, "{task}", "Tasks requeued after a take whose reply was lost.");
        ghosts = meter.CreateCounter<long>(
            TelemetryNames.GhostsDropped, "{task}", "Listed ids whose task did not exist, removed.");
        quarantined = meter.CreateCounter<long>(
            TelemetryNames.TasksQuarantined, "{task}", "Tasks quarantined: unreadable.");
        deferred = meter.CreateCounter<long>(
            TelemetryNames.TasksDeferred, "{task}", "Tasks deferred because their type was at its limit.");
        unknownTypes = meter.CreateCounter<long>(
            TelemetryNames.UnknownTypes, "{task}", "Tasks deferred because no handler knows their type.");
        trimmed = meter.CreateCounter<long>(TelemetryNames.ArchiveTrimmed, "{task}", "Archived tasks deleted.");
        abandoned = meter.CreateCounter<long>(
            TelemetryNames.HandlersAbandoned, "{handler}", "Handlers that ran on after their cancellation.");
        ticks = meter.CreateCounter<long>(
            TelemetryNames.SchedulerTicks, "{tick}",
            "Ticks of periodic tasks that this scheduler settled or gave up.");
        tickLag = meter.CreateHistogram(
            TelemetryNames.SchedulerLag, "s", "From the moment a tick was due to its settlement.", tags: null, advice);
        aggregated = meter.CreateCounter<long>(
            TelemetryNames.TasksAggregated, "{task}", "Tasks of groups, aggregated.");
        reclaimed = meter.CreateCounter<long>(
            TelemetryNames.TasksReclaimed, "{task}",
            "Tasks returned to their group: their aggregation did not end.");
    }

    public bool MeasuresOperations => operation.Enabled;

    public void Sent(string queue, string? errorType)
    {
        if (sent.Enabled)
        {
            sent.Add(1, Tags(queue, TelemetryNames.Send, errorType));
        }
    }

    public void RefusedFull(string queue) => Add(refusedFull, queue, 1);

    public void Consumed(string queue, long count)
    {
        if (consumed.Enabled)
        {
            consumed.Add(count, Tags(queue, TelemetryNames.Receive));
        }
    }

    public void Operation(string queue, string name, TimeSpan duration, string? errorType = null)
    {
        if (operation.Enabled)
        {
            operation.Record(duration.TotalSeconds, Tags(queue, name, errorType));
        }
    }

    public void Processed(string queue, string taskType, string outcome, TimeSpan duration, string? errorType)
    {
        if (process.Enabled)
        {
            var tags = Tags(queue, TelemetryNames.Process, errorType);
            tags.Add(TelemetryNames.TaskType, taskType);
            tags.Add(TelemetryNames.TaskOutcome, outcome);
            process.Record(duration.TotalSeconds, tags);
        }
    }

    public void Started(string queue) => AddActive(queue, 1);

    public void Ended(string queue) => AddActive(queue, -1);

    public bool MeasuresPickUp => pickUp.Enabled;

    public void PickedUp(string queue, TimeSpan delay) => Record(pickUp, queue, delay);

    public void LeaseLost(string queue, long count) => Add(leasesLost, queue, count);

    public void Recovered(string queue, long count) => Add(recovered, queue, count);

    public void Returned(string queue, long count) => Add(returned, queue, count);

    public void GhostsDropped(string queue, long count) => Add(ghosts, queue, count);

    public void Quarantined(string queue, long count) => Add(quarantined, queue, count);

    public void Deferred(string queue, long count) => Add(deferred, queue, count);

    public void UnknownType(string queue, string taskType)
    {
        if (unknownTypes.Enabled)
        {
            var tags = Tags(queue);
            tags.Add(TelemetryNames.TaskType, taskType);
            unknownTypes.Add(1, tags);
        }
    }

    public void Trimmed(string queue, long count) => Add(trimmed, queue, count);

    public void Abandoned(string queue) => Add(abandoned, queue, 1);

    public void Tick(string queue, string taskType, string outcome)
    {
        if (ticks.Enabled)
        {
            var tags = Tags(queue);
            tags.Add(TelemetryNames.TaskType, taskType);
            tags.Add(TelemetryNames.TickOutcome, outcome);
            ticks.Add(1, tags);
        }
    }

    public void TickLag(string queue, TimeSpan lag) => Record(tickLag, queue, lag);

    public void Aggregated(string queue, long count) => Add(aggregated, queue, count);

    public void Reclaimed(string queue, long count) => Add(reclaimed, queue, count);

    private void AddActive(string queue, int change)
    {
        if (active.Enabled)
        {
            active.Add(change, Tags(queue));
        }
    }

    private static void Add(Counter<long> counter, string queue, long count)
    {
        if (counter.Enabled)
        {
            counter.Add(count, Tags(queue));
        }
    }

    private static void Record(Histogram<double> histogram, string queue, TimeSpan duration)
    {
        if (histogram.Enabled)
        {
            histogram.Record(duration.TotalSeconds, Tags(queue));
        }
    }

    private static TagList Tags(string queue, string? operationName = null, string? errorType = null)
    {
        var tags = new TagList
        {
            { TelemetryNames.System, TelemetryNames.SystemAsynq },
            { TelemetryNames.Destination, queue },
        };
        if (operationName is not null)
        {
            tags.Add(TelemetryNames.OperationName, operationName);
        }

        if (errorType is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorType);
        }

        return tags;
    }
}
