using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Mirai.Queue.Hosting;

/// <summary>Reports whether Redis answers, and whether Redis keeps what it is given.</summary>
internal sealed class QueueHealthCheck(IQueueStore store) : IHealthCheck
{
    // Not unhealthy: workers empty a full Redis, and the API reads and deletes tasks.
    internal const string FullText =
        "Redis is full (maxmemory): it refuses new tasks. Workers still take tasks, and tasks can be deleted.";

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
            return new HealthCheckResult(
                context.Registration.FailureStatus, RedisFaults.Summary(exception), exception);
        }

        return facts switch
        {
            { IsFull: true } => HealthCheckResult.Degraded(FullText),
            { DropsTasks: true } => HealthCheckResult.Degraded(
                $"Redis may drop waiting tasks: its maxmemory-policy is {facts.EvictionPolicy}."),
            { IsTooOld: true } => HealthCheckResult.Degraded(
                $"Redis {facts.Version} is older than {RedisFacts.OldestSupported}."),
            _ => HealthCheckResult.Healthy(),
        };
    }
}

/// <summary>Reports whether Redis has the scripts and is fit for tasks. After the first success Redis is not asked
/// again.</summary>
internal sealed class StartupHealthCheck(IQueueStore store, ScriptLoader scripts) : IHealthCheck
{
    // The check is one instance per queue system; a probe may call it from several threads.
    private volatile Tuple<HealthCheckResult>? passed;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (passed is { Item1: var known })
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
            passed = Tuple.Create(Describe(facts, loaded));

            return passed.Item1;
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, RedisFaults.Summary(exception), exception);
        }
    }

    // A missing right of the Redis user must not block the start: the description names the right.
    private static HealthCheckResult Describe(RedisFacts facts, bool loaded)
    {
        string?[] remarks =
        [
            facts.DropsTasks ? $"Redis may drop waiting tasks: its maxmemory-policy is {facts.EvictionPolicy}." : null,
            facts.NotChecked,
            loaded ? null : "The Redis user may not run SCRIPT LOAD. Mirai loads each script with its first call.",
        ];
        var text = string.Join(' ', remarks.Where(remark => remark is not null));

        return facts.DropsTasks
            ? HealthCheckResult.Degraded(text)
            : HealthCheckResult.Healthy(text.Length == 0 ? null : text);
    }
}

/// <summary>Reports whether the worker takes tasks.</summary>
internal sealed class FetchingHealthCheck(QueueServer server) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(server.WhyNotFetching is { } reason
            ? new HealthCheckResult(context.Registration.FailureStatus, reason)
            : HealthCheckResult.Healthy());
}

/// <summary>Reports background loops of the worker and the scheduler that have ended or hang. Redis is not
/// asked.</summary>
internal sealed class LoopHealthCheck(QueueServer? server, QueueScheduler? scheduler) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var stuck = (server?.StuckLoops ?? []).Concat(scheduler?.StuckLoops ?? []).ToList();

        return Task.FromResult(stuck.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(
                context.Registration.FailureStatus,
                $"These background loops have ended or hang: {string.Join(", ", stuck)}."));
    }
}
