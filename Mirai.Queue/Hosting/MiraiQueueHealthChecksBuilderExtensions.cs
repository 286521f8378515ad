using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health checks of Mirai.Queue.</summary>
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

    /// <summary>Adds a check that fails until Redis has all scripts and is fit for tasks, and never again from then
    /// on; it is degraded when Redis may drop waiting tasks (<c>maxmemory-policy allkeys-*</c>). What Redis does not
    /// let its user see is no failure; the description names it.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueStartup(
        this IHealthChecksBuilder builder, string name = "queue-startup", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<StartupHealthCheck>(services), null, tags));
    }

    /// <summary>Adds a check that fails while the worker (<c>AddServer</c>) takes no tasks: it has not begun, Redis
    /// does not answer, or it was told to take no more.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueFetching(
        this IHealthChecksBuilder builder, string name = "queue-fetching", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<FetchingHealthCheck>(services), null, tags));
    }

    /// <summary>Adds a check that fails when a loop of the worker or of the scheduler has ended, or has been silent
    /// for five minutes longer than it may: only a restart helps. That Redis is away is no such case.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueLoops(
        this IHealthChecksBuilder builder, string name = "queue-loops", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<LoopHealthCheck>(services), null, tags));
    }
}
