using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of Mirai.Queue.</summary>
public static class MiraiQueueHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that fails while Redis does not answer, and is degraded when Redis may drop waiting tasks
    /// (<c>maxmemory-policy allkeys-*</c>) or is too old.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What it reports while Redis is away; by default unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueue(
        this IHealthChecksBuilder builder, string name = "queue", HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<QueueHealthCheck>(services), failureStatus, tags));
    }
}
