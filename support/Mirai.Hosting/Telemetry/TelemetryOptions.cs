using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Telemetry;

/// <summary>What is told about queues: section <c>Telemetry</c>. Where it is sent to, the variables of OpenTelemetry
/// say (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin).</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Telemetry";

    /// <summary>Whether this process tells what the queues hold. By default the API does and workers do not: each
    /// process that does asks Redis.</summary>
    public bool? QueueFigures { get; set; }

    /// <summary>The most queues that are asked about, in order of their names; 1 to 1,000, 100 by default.</summary>
    [Range(1, 1000)]
    public int MostQueues { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;
