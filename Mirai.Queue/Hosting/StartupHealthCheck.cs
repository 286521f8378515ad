using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Store;

namespace Mirai.Queue.Hosting;

/// <summary>Whether Redis has the scripts and is fit for tasks. Once it was, it is not asked again.</summary>
internal sealed class StartupHealthCheck(StartupState state, IQueueStore store, ScriptLoader scripts) : IHealthCheck
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
            var facts = await store.ReadFactsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (facts.IsTooOld)
            {
                return new HealthCheckResult(
                    context.Registration.FailureStatus,
                    $"Redis {facts.Version} is older than {RedisFacts.OldestSupported}.");
            }

            var loaded = await scripts.LoadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var result = Describe(facts, loaded);
            state.Result = result;

            return result;
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Redis does not answer.", exception);
        }
    }

    // What Redis does not let us see must not keep the program from starting for ever: it is said, and that is all.
    private static HealthCheckResult Describe(RedisFacts facts, bool loaded)
    {
        string?[] remarks =
        [
            facts.DropsTasks ? $"Redis may drop waiting tasks: its maxmemory-policy is {facts.EvictionPolicy}." : null,
            facts.NotChecked,
            loaded ? null : "Redis does not let scripts be loaded beforehand: each comes with its first call.",
        ];
        var text = string.Join(' ', remarks.Where(remark => remark is not null));

        return facts.DropsTasks
            ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Healthy(text.Length == 0 ? null : text);
    }
}
