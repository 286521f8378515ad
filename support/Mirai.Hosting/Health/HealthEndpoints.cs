using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mirai.Hosting.Health;

/// <summary>The endpoints for probes: <c>/health/live</c>, <c>/health/ready</c> and <c>/health/startup</c>. The answer
/// is 200 or 503, with the reasons as text.</summary>
public static class HealthEndpoints
{
    // A probe without an answer fails without a reason; a check that times out is an answer with one.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <summary>Gives a time-out to every check that has none, so that a check that hangs is reported.</summary>
    public static void BoundHealthChecks(this IServiceCollection services) =>
        services.AddOptions<HealthCheckServiceOptions>().PostConfigure(health =>
        {
            foreach (var check in health.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = Longest;
            }
        });

    public static void MapMiraiHealth(this IEndpointRouteBuilder routes)
    {
        // Probes have no key, and the answers contain nothing secret.
        var health = routes.MapGroup("/health").AllowAnonymous().DisableRateLimiting()
            .ExcludeFromDescription();
        Map(health, HealthTags.Live);
        Map(health, HealthTags.Ready);
        Map(health, HealthTags.Startup);
    }

    private static void Map(RouteGroupBuilder health, string tag) => health.MapHealthChecks(
        $"/{tag}",
        new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync });

    // The status and the descriptions of the checks, but no exceptions: these may name a server.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var reasons = report.Entries.Where(entry => entry.Value.Description is not null)
            .Select(entry => $"{entry.Key}: {entry.Value.Description}");
        var text = string.Join('\n', reasons.Prepend($"{report.Status}"));
        context.Response.ContentType = MediaTypeNames.Text.Plain;

        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}

/// <summary>The tags of health checks: the probe that a check belongs to.</summary>
public static class HealthTags
{
    /// <summary>Liveness: a failed check means that a restart helps.</summary>
    public const string Live = "live";

    /// <summary>Readiness: a failed check means that the program cannot do its work now.</summary>
    public const string Ready = "ready";

    /// <summary>Startup: a failed check means that the program is not initialized yet.</summary>
    public const string Startup = "startup";
}
