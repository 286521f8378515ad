using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mirai.Hosting.Health;

/// <summary>What probes ask: <c>/health/live</c>, <c>/health/ready</c> and <c>/health/startup</c>. The answer is 200
/// or 503; its text says why.</summary>
public static class HealthEndpoints
{
    // A probe that gets no answer in time counts as failed all the same, and nobody learns why.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <summary>Bounds every check that has no time-out of its own, so that one that hangs is an answer,
    /// too.</summary>
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
        // Whoever runs probes has no key, and the answers tell nothing that is worth one.
        var health = routes.MapGroup("/health").AllowAnonymous().DisableRateLimiting()
            .ExcludeFromDescription();
        Map(health, HealthTags.Live);
        Map(health, HealthTags.Ready);
        Map(health, HealthTags.Startup);
    }

    private static void Map(RouteGroupBuilder health, string tag) => health.MapHealthChecks(
        $"/{tag}",
        new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync });

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

/// <summary>Which question a health check answers.</summary>
public static class HealthTags
{
    /// <summary>Would a restart help?</summary>
    public const string Live = "live";

    /// <summary>Can the program do its work now?</summary>
    public const string Ready = "ready";

    /// <summary>Has the program begun?</summary>
    public const string Startup = "startup";
}
