using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Server;

namespace Mirai.Queue.Hosting;

/// <summary>Whether the loops of the worker and of the scheduler go on. Asks nothing of Redis.</summary>
internal sealed class LoopHealthCheck(IServiceProvider services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var stuck = (services.GetService<QueueServer>()?.StuckLoops ?? [])
            .Concat(services.GetService<QueueScheduler>()?.StuckLoops ?? []).ToList();

        return Task.FromResult(stuck.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(
                context.Registration.FailureStatus, $"These do not go on: {string.Join(", ", stuck)}."));
    }
}
