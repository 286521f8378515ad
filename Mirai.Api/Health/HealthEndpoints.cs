using System.Net.Mime;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Mirai.Api.Health;

/// <summary>Whether the program lives, and whether it can do its work.</summary>
internal static class HealthEndpoints
{
    public static void AddQueueHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddMiraiQueue();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<ApiOptions>>((health, api) =>
        {
            foreach (var check in health.Registrations)
            {
                check.Timeout = api.Value.RedisTimeout;
            }
        });
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // A restart does not bring Redis back: it is no reason to be called dead.
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    // "Healthy", or also why not. Descriptions name no server; that is why the exception stays here.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var reasons = report.Entries.Where(entry => entry.Value.Description is not null)
            .Select(entry => $"{entry.Key}: {entry.Value.Description}");
        var text = string.Join('\n', reasons.Prepend($"{report.Status}"));
        context.Response.ContentType = MediaTypeNames.Text.Plain;

        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
