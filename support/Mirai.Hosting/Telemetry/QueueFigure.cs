using Mirai.Queue;

namespace Mirai.Hosting.Telemetry;

/// <summary>What is told about one queue.</summary>
/// <param name="Info">What it holds.</param>
/// <param name="Overdue">How long the oldest task that fell due has not been forwarded.</param>
/// <param name="Servers">Workers that take tasks from it.</param>
internal sealed record QueueFigure(QueueInfo Info, TimeSpan Overdue, int Servers);
