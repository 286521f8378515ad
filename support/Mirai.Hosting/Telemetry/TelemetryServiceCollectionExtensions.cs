using System.Diagnostics;
using System.Reflection;
using CacheNames = Mirai.Cache.Telemetry.TelemetryNames;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using QueueNames = Mirai.Queue.Telemetry.TelemetryNames;

namespace Mirai.Hosting.Telemetry;

/// <summary>Registers OpenTelemetry.</summary>
public static class TelemetryServiceCollectionExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Metrics for Prometheus; and metrics, traces and logs by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>
    /// is set.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">The program's settings.</param>
    /// <param name="service">The program's name, unless <c>OTEL_SERVICE_NAME</c> names another.</param>
    /// <param name="queueFigures">Whether the program measures the queues, unless a setting decides.</param>
    public static void AddMiraiTelemetry(
        this IServiceCollection services, IConfiguration configuration, string service, bool queueFigures)
    {
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section))
            .PostConfigure(options => options.QueueFigures ??= queueFigures).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        services.AddSingleton<QueueFigures>();

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, configuration["OTEL_SERVICE_NAME"] ?? service))
            .WithMetrics(metrics => metrics
                .AddMeter(QueueNames.Meter, CacheNames.Meter, QueueFigures.MeterName)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddMeter("System.Net.Http", "System.Runtime")
                .AddPrometheusExporter());
        if (!string.IsNullOrEmpty(configuration[OtlpEndpoint]))
        {
            // Without a receiver, spans would cost time for nothing.
            telemetry.WithTracing(Trace).UseOtlpExporter();
        }
    }

    private static void Trace(TracerProviderBuilder tracing) => tracing
        .AddSource(QueueNames.ActivitySource, "System.Net.Http")
        .AddProcessor(new OutgoingAddress())
        .AddAspNetCoreInstrumentation(requests => requests.Filter = context =>
            !context.Request.Path.StartsWithSegments("/health")
                && !context.Request.Path.StartsWithSegments("/metrics"));

    private static void Describe(ResourceBuilder resource, string service) => resource.AddService(
        service, serviceVersion: Assembly.GetEntryAssembly()?.GetName().Version?.ToString());
}

/// <summary>Shortens the addresses of outgoing calls to scheme and server: paths and queries may hold ids and
/// keys.</summary>
public sealed class OutgoingAddress : BaseProcessor<Activity>
{
    private const string Tag = "url.full";

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.GetTagItem(Tag) is string address)
        {
            data.SetTag(
                Tag, Uri.TryCreate(address, UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Authority}" : null);
        }
    }
}
