using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Mirai.Hosting.Health;

namespace Mirai.Api.Hosting;

/// <summary>What the API's probes look at. Nothing tells whether it lives but that it answers: it has no loops, and a
/// restart does not bring Redis back.</summary>
internal static class QueueHealth
{
    public static void AddQueueHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            // Without Redis, documents and courses are served all the same, and what is paid is noted: requests that
            // need it get a 503 each, which is no reason to send none at all.
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
