using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Broker;

namespace Mirai.Queue.Hosting;

/// <summary>Whether Redis has the scripts and is fit for tasks. Once it was, it is not asked again.</summary>
internal sealed class StartupHealthCheck(StartupState state, IBroker broker, ScriptLoader scripts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (state.Result is { } known)
        {
            return known;
        }

        try
        {
            var facts = await broker.ReadFactsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (facts.Version < RedisFacts.OldestSupported)
            {
                return new HealthCheckResult(
                    context.Registration.FailureStatus,
                    $"Redis {facts.Version} is older than {RedisFacts.OldestSupported}.");
            }

            await scripts.LoadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = facts.DropsTasks
                ? HealthCheckResult.Degraded(
                    $"Redis may drop waiting tasks: its maxmemory-policy is {facts.EvictionPolicy}.")
                : HealthCheckResult.Healthy();
            state.Result = result;

            return result;
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer.", exception);
        }
    }
}
