using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Mirai.Hosting.Health;

namespace Mirai.Api.Hosting;

/// <summary>The health checks of the API. It has no check for liveness beyond that it answers: it has no loops, and a
/// restart does not bring Redis back.</summary>
internal static class QueueHealth
{
    public static void AddQueueHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            // Without Redis the API still serves documents and courses and notes payments. Requests that need Redis
            // get 503; the other ones must keep coming, so the probe answers Degraded and not Unhealthy.
            .AddMiraiQueue(failureStatus: HealthStatus.Degraded, tags: [HealthTags.Ready])
            .AddMiraiDatabase(tags: [HealthTags.Ready])
            .AddMiraiQueueStartup(tags: [HealthTags.Startup]);
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<ApiOptions>>((health, api) =>
        {
            foreach (var check in health.Registrations)
            {
                check.Timeout = api.Value.RedisTimeout;
            }
        });
    }
}
