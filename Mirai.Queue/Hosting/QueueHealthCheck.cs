using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Store;

namespace Mirai.Queue.Hosting;

/// <summary>Whether Redis answers, and whether it keeps what it is given.</summary>
internal sealed class QueueHealthCheck(IQueueStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        RedisFacts facts;
        try
        {
            facts = await store.ReadFactsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer.", exception);
        }

        return facts switch
        {
            { DropsTasks: true } => HealthCheckResult.Degraded(
                $"Redis may drop waiting tasks: its maxmemory-policy is {facts.EvictionPolicy}."),
            { IsTooOld: true } => HealthCheckResult.Degraded(
                $"Redis {facts.Version} is older than {RedisFacts.OldestSupported}."),
            _ => HealthCheckResult.Healthy(),
        };
    }
}
