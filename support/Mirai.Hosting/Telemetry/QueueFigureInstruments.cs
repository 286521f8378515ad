using System.Diagnostics.Metrics;
using Mirai.Queue;

namespace Mirai.Hosting.Telemetry;

/// <summary>The instruments for the contents of queues. Names and labels of the first seven are those of Asynq's
/// exporter.</summary>
internal static class QueueFigureInstruments
{
    // No instrument has a unit, which would become a part of the name: dashboards use Asynq's names.
    public static void Add(Meter meter, Func<IReadOnlyList<QueueFigure>> read)
    {
        meter.CreateObservableGauge(
            "asynq_tasks_enqueued_total", () => Readable().SelectMany(States), null,
            "Number of tasks enqueued; broken down by queue and state.");
        Gauge("asynq_queue_size", "Number of tasks in a queue.", info => info.Size);
        Gauge(
            "asynq_queue_latency_seconds", "How long the oldest pending task has waited.",
            info => info.Latency.TotalSeconds);
        Gauge(
            "asynq_queue_memory_usage_approx_bytes", "About how much memory a queue uses.",
            info => info.MemoryUsage);
        Gauge("asynq_queue_paused_total", "1 while a queue is paused.", info => info.IsPaused ? 1 : 0);
        Counter(
            "asynq_tasks_processed_total", "Attempts that ended, failed ones included.",
            info => info.ProcessedTotal);
        Counter("asynq_tasks_failed_total", "Attempts that failed.", info => info.FailedTotal);
        meter.CreateObservableGauge(
            "mirai_queue_overdue_seconds",
            () => read().Where(figure => figure.Info is not null)
                .Select(figure => Of(figure.Queue, figure.Overdue.TotalSeconds)),
            null, "How long the oldest due task has waited to be forwarded.");
        meter.CreateObservableGauge(
            "mirai_queue_servers", () => read().Select(figure => Of(figure.Queue, (double)figure.Servers)), null,
            "Workers that take tasks from a queue.");
        meter.CreateObservableGauge(
            "mirai_queue_unreadable", () => read().Select(figure => Of(figure.Queue, figure.Info is null ? 1.0 : 0)),
            null,
            "1 while Redis does not answer for a queue: a key of the wrong type, no permission, its shard is away.");

        IEnumerable<QueueInfo> Readable() => read().Select(figure => figure.Info).OfType<QueueInfo>();

        void Gauge(string name, string description, Func<QueueInfo, double> value) => meter.CreateObservableGauge(
            name, () => Readable().Select(info => Of(info.Queue, value(info))), null, description);

        void Counter(string name, string description, Func<QueueInfo, long> value) => meter.CreateObservableCounter(
            name, () => Readable().Select(info => Of(info.Queue, value(info))), null, description);
    }

    private static IEnumerable<Measurement<long>> States(QueueInfo info)
    {
        (string Name, long Count)[] states =
        [
            ("active", info.Active), ("pending", info.Pending), ("scheduled", info.Scheduled), ("retry", info.Retry),
            ("archived", info.Archived), ("completed", info.Completed),
        ];

        return states.Select(state => new Measurement<long>(state.Count, Label(info.Queue), new("state", state.Name)));
    }

    private static Measurement<T> Of<T>(string queue, T value)
        where T : struct => new(value, Label(queue));

    private static KeyValuePair<string, object?> Label(string queue) => new("queue", queue);
}

/// <summary>The figures of one queue.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Info">The sizes of the queue; <see langword="null"/> when Redis does not answer for it.</param>
/// <param name="Overdue">For how long the oldest due task has not been forwarded.</param>
/// <param name="Servers">The number of workers that take tasks from the queue.</param>
internal sealed record QueueFigure(string Queue, QueueInfo? Info, TimeSpan Overdue, int Servers);
