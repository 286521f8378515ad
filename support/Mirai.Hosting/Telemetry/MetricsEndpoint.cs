using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Mirai.Hosting.Telemetry;

/// <summary>The endpoint for Prometheus: <c>/metrics</c>.</summary>
public static class MetricsEndpoint
{
    private const string Path = "/metrics";

    /// <summary>Answers with the program's own metrics.</summary>
    public static void UseMiraiMetrics(this WebApplication app) => app.UseMiraiMetrics(
        app.Services.GetRequiredService<MeterProvider>(), app.Services.GetRequiredService<QueueFigures>());

    /// <summary>Answers with the metrics of another host.</summary>
    public static void UseMiraiMetrics(this WebApplication app, MeterProvider metrics, QueueFigures figures)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Path == Path)
            {
                // Instruments are read without waiting, so refresh their values first.
                await figures.RefreshAsync();
            }

            await next(context);
        });
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, Path, null, optionsName: null);
    }
}
