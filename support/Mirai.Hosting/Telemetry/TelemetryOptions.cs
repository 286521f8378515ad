using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Telemetry;

/// <summary>Which figures of queues are measured: section <c>Telemetry</c>. The variables of OpenTelemetry
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and others) name the receiver.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Whether this process measures the queues. By default the API does and workers do not: each process that
    /// measures adds load to Redis.</summary>
    public bool? QueueFigures { get; set; }

    /// <summary>The most queues that are measured, in order of their names; 1 to 1,000, 100 by default.</summary>
    [Range(1, 1000)]
    public int MostQueues { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
