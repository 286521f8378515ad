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
            "asynq_tasks_enqueued_total", () => read().SelectMany(States), null,
            "Number of tasks enqueued; broken down by queue and state.");
        Gauge("asynq_queue_size", "Number of tasks in a queue.", figure => figure.Info.Size);
        Gauge(
            "asynq_queue_latency_seconds", "How long the oldest pending task has waited.",
            figure => figure.Info.Latency.TotalSeconds);
        Gauge(
            "asynq_queue_memory_usage_approx_bytes", "About how much memory a queue uses.",
            figure => figure.Info.MemoryUsage);
        Gauge("asynq_queue_paused_total", "1 while a queue is paused.", figure => figure.Info.IsPaused ? 1 : 0);
        Counter(
            "asynq_tasks_processed_total", "Attempts that ended, failed ones included.",
            figure => figure.Info.ProcessedTotal);
        Counter("asynq_tasks_failed_total", "Attempts that failed.", figure => figure.Info.FailedTotal);
        Gauge(
            "mirai_queue_overdue_seconds", "How long the oldest due task has waited to be forwarded.",
            figure => figure.Overdue.TotalSeconds);
        Gauge("mirai_queue_servers", "Workers that take tasks from a queue.", figure => figure.Servers);

        void Gauge(string name, string description, Func<QueueFigure, double> value) => meter.CreateObservableGauge(
            name, () => read().Select(figure => Of(figure.Info, value(figure))), null, description);

        void Counter(string name, string description, Func<QueueFigure, long> value) => meter.CreateObservableCounter(
            name, () => read().Select(figure => Of(figure.Info, value(figure))), null, description);
    }

    private static IEnumerable<Measurement<long>> States(QueueFigure figure)
    {
        var info = figure.Info;
        (string Name, long Count)[] states =
        [
            ("active", info.Active), ("pending", info.Pending), ("scheduled", info.Scheduled), ("retry", info.Retry),
            ("archived", info.Archived), ("completed", info.Completed),
        ];

        return states.Select(state => new Measurement<long>(state.Count, Label(info), new("state", state.Name)));
    }

    private static Measurement<T> Of<T>(QueueInfo info, T value)
        where T : struct => new(value, Label(info));

    private static KeyValuePair<string, object?> Label(QueueInfo info) => new("queue", info.Queue);
}

/// <summary>The figures of one queue.</summary>
/// <param name="Info">The sizes of the queue.</param>
/// <param name="Overdue">For how long the oldest due task has not been forwarded.</param>
/// <param name="Servers">The number of workers that take tasks from the queue.</param>
internal sealed record QueueFigure(QueueInfo Info, TimeSpan Overdue, int Servers);
