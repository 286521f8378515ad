using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Server;

namespace Mirai.Queue.Hosting;

/// <summary>Whether the worker takes tasks.</summary>
internal sealed class FetchingHealthCheck(QueueServer server) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(server.WhyNotFetching is { } reason
            ? new HealthCheckResult(context.Registration.FailureStatus, reason)
            : HealthCheckResult.Healthy());
}
