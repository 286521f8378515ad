using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Cache.Client;

namespace Mirai.Cache.Hosting;

/// <summary>Checks whether the cache can use Redis. Without Redis the application is slower but works:
/// degraded.</summary>
internal sealed class CacheHealthCheck(CacheParts parts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = parts.Availability.Status;
        if (status == CacheStatus.Disabled)
        {
            return HealthCheckResult.Healthy("The cache is switched off.");
        }

        // The health check must not open the connection.
        if (status == CacheStatus.Idle)
        {
            return HealthCheckResult.Healthy("The cache has not been used yet.");
        }

        var answer = await parts.Redis.AskAsync(
            "health", 0, static (database, _) => database.PingAsync(), cancellationToken).ConfigureAwait(false);

        return answer.IsGiven
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("The cache works without Redis: reads miss, and writes are skipped.");
    }
}
