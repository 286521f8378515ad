using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Queue;

namespace Mirai.Hosting.Telemetry;

/// <summary>The figures of the queues: the seven series of Asynq's own exporter and some more. However often they are
/// read, Redis is asked every 5 s at most, about a bounded number of queues and for a bounded time. While Redis does
/// not answer, there are no figures.</summary>
public sealed partial class QueueFigures
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Mirai.Queue.Figures";

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly IQueueInspector inspector;
    private readonly TelemetryOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<QueueFigures> logger;
    private readonly Lock gate = new();
    private IReadOnlyList<QueueFigure> figures = [];
    private Task refresh = Task.CompletedTask;
    private long? refreshedAt;

    /// <summary>Registers the instruments.</summary>
    public QueueFigures(
        IQueueInspector inspector, IOptions<TelemetryOptions> options, IMeterFactory meters, TimeProvider time,
        ILogger<QueueFigures> logger)
    {
        (this.inspector, this.options, this.time, this.logger) = (inspector, options.Value, time, logger);
        if (this.options.QueueFigures == true)
        {
            QueueFigureInstruments.Add(meters.Create(MeterName), Read);
        }
    }

    /// <summary>Asks Redis, unless the figures are fresh. Completes within 2 s, whether Redis answers or not.</summary>
    public Task RefreshAsync()
    {
        lock (gate)
        {
            var isFresh = refreshedAt is { } at && time.GetElapsedTime(at) < FreshFor;
            if (options.QueueFigures == true && !isFresh && refresh.IsCompleted)
            {
                refreshedAt = time.GetTimestamp();
                refresh = AskAsync();
            }

            return refresh;
        }
    }

    private IReadOnlyList<QueueFigure> Read()
    {
        // Readers other than /metrics (OTLP) get the fresh figures with their next reading.
        _ = RefreshAsync();
        return Volatile.Read(ref figures);
    }

    private async Task AskAsync()
    {
        await Task.Yield(); // leave the lock before asking Redis
        using var timeout = new CancellationTokenSource(Longest, time);
        try
        {
            Volatile.Write(ref figures, await ListAsync(timeout.Token).WaitAsync(timeout.Token));
        }
        catch (Exception exception)
        {
            // Stale figures would look like an idle queue.
            Volatile.Write(ref figures, []);
            LogUnknown(logger, exception);
        }
    }

    private async Task<IReadOnlyList<QueueFigure>> ListAsync(CancellationToken cancellationToken)
    {
        var servers = await inspector.ListServersAsync(cancellationToken);
        var found = new List<QueueFigure>();
        foreach (var queue in (await inspector.ListQueuesAsync(cancellationToken)).Take(options.MostQueues))
        {
            if (await inspector.FindQueueAsync(queue, cancellationToken) is { } info)
            {
                var consumers = servers.Count(server => server.Queues.ContainsKey(queue));
                found.Add(new QueueFigure(info, await OverdueAsync(info, cancellationToken), consumers));
            }
        }

        return found;
    }

    private async Task<TimeSpan> OverdueAsync(QueueInfo info, CancellationToken cancellationToken)
    {
        var overdue = TimeSpan.Zero;
        foreach (var (state, count) in ((TaskState, long)[])[
            (TaskState.Scheduled, info.Scheduled), (TaskState.Retry, info.Retry)])
        {
            IReadOnlyList<TaskInfo> first = count == 0
                ? []
                : await inspector.ListTasksAsync(
                    TaskSelection.InState(info.Queue, state), new Paging { Size = 1 }, cancellationToken);
            if (first is [{ NextProcessAt: { } due }] && time.GetUtcNow() - due is var late && late > overdue)
            {
                overdue = late;
            }
        }

        return overdue;
    }

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "The queue sizes could not be read from Redis; their metrics are missing until a read succeeds")]
    private static partial void LogUnknown(ILogger logger, Exception exception);
}
