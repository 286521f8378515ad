using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Cache.Client;

namespace Mirai.Cache.Hosting;

/// <summary>Whether the cache has its Redis. Without, the application is slower and not broken: degraded.</summary>
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

        // Nothing is opened before the cache is used, not even for this question.
        if (status == CacheStatus.Idle)
        {
            return HealthCheckResult.Healthy("The cache is not in use yet.");
        }

        var answer = await parts.Redis.AskAsync(
            "health", 0, static (database, _) => database.PingAsync(), cancellationToken).ConfigureAwait(false);

        return answer.IsGiven ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(
            "The cache does without Redis.");
    }
}
