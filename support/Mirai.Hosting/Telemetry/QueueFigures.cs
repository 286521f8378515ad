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
    // Round trips at the same time.
    private const int QueuesAtOnce = 20;

    private readonly Lock gate = new();
    private readonly HashSet<string> unreadable = new(StringComparer.Ordinal);
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
            var found = await ListAsync(timeout.Token);
            Volatile.Write(ref figures, found.Any(figure => figure.Info is not null) ? found : []);
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
        var servers = await inspector.ListServersAsync(cancellationToken).WaitAsync(cancellationToken);
        var names = (await inspector.ListQueuesAsync(cancellationToken).WaitAsync(cancellationToken))
            .Take(options.MostQueues).ToList();
        var found = new List<QueueFigure>();
        foreach (var some in names.Chunk(QueuesAtOnce))
        {
            var figures = await Task.WhenAll(some.Select(queue => FindAsync(queue, servers, cancellationToken)));
            found.AddRange(figures.OfType<QueueFigure>()); // a queue may have been deleted since
        }

        unreadable.IntersectWith(names);
        return found;
    }

    // A queue with a broken key, or whose shard is away, keeps the figures of no other queue.
    private async Task<QueueFigure?> FindAsync(
        string queue, IReadOnlyList<QueueServerInfo> servers, CancellationToken cancellationToken)
    {
        var consumers = servers.Count(server => server.Queues.ContainsKey(queue));
        try
        {
            if (await inspector.FindQueueAsync(queue, cancellationToken).WaitAsync(cancellationToken) is not { } info)
            {
                return null;
            }

            var overdue = await OverdueAsync(info, cancellationToken).WaitAsync(cancellationToken);
            Report(queue, null);
            return new QueueFigure(queue, info, overdue, consumers);
        }
        catch (Exception exception)
        {
            Report(queue, exception);
            return new QueueFigure(queue, null, TimeSpan.Zero, consumers);
        }
    }

    private void Report(string queue, Exception? fault)
    {
        lock (gate)
        {
            if (fault is null ? !unreadable.Remove(queue) : !unreadable.Add(queue))
            {
                return;
            }
        }

        if (fault is null)
        {
            LogReadable(logger, queue);
        }
        else
        {
            LogUnreadable(logger, queue, fault.Message);
        }
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
        Level = LogLevel.Warning,
        Message = "The figures of queue {Queue} cannot be read: {Reason}. Its metrics are missing, and " +
            "mirai_queue_unreadable is 1. Check the type of its keys, the permissions of the Redis user and its shard")]
    private static partial void LogUnreadable(ILogger logger, string queue, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The figures of queue {Queue} can be read again")]
    private static partial void LogReadable(ILogger logger, string queue);

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "The queue sizes could not be read from Redis; their metrics are missing until a read succeeds")]
    private static partial void LogUnknown(ILogger logger, Exception exception);
}
