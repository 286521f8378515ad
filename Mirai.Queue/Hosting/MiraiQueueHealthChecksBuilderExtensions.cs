using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Queue.Hosting;
using Mirai.Queue.Scheduler;
using Mirai.Queue.Server;
using Mirai.Queue.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health checks of Mirai.Queue.</summary>
public static class MiraiQueueHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that fails while Redis does not answer, and is degraded when Redis may drop waiting tasks
    /// (<c>maxmemory-policy allkeys-*</c>) or is too old.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status while Redis does not answer; by default unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <param name="queueName">The name that <c>AddMiraiQueue</c> was given; by default the queue without a
    /// name.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueue(
        this IHealthChecksBuilder builder, string name = "queue", HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, string queueName = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => new QueueHealthCheck(services.GetNamed<IQueueStore>(queueName)), failureStatus, tags));
    }

    /// <summary>Adds a check that fails until Redis has all scripts and is fit for tasks, and never again from then
    /// on; it is degraded when Redis may drop waiting tasks (<c>maxmemory-policy allkeys-*</c>). A right that the Redis
    /// user lacks is no failure; the description names it.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <param name="queueName">The name that <c>AddMiraiQueue</c> was given; by default the queue without a
    /// name.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueStartup(
        this IHealthChecksBuilder builder, string name = "queue-startup", IEnumerable<string>? tags = null,
        string queueName = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => services.GetNamed<StartupHealthCheck>(queueName), null, tags));
    }

    /// <summary>Adds a check that fails while the worker (<c>AddServer</c>) takes no tasks: it has not started, Redis
    /// does not answer, or the worker was told to take no more.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <param name="queueName">The name that <c>AddMiraiQueue</c> was given; by default the queue without a
    /// name.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueFetching(
        this IHealthChecksBuilder builder, string name = "queue-fetching", IEnumerable<string>? tags = null,
        string queueName = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => new FetchingHealthCheck(services.GetNamed<QueueServer>(queueName)), null, tags));
    }

    /// <summary>Adds a check that fails when a background loop of the worker or of the scheduler has ended, or has been
    /// silent for five minutes longer than it may: only a restart helps. Redis being away does not fail this
    /// check.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <param name="queueName">The name that <c>AddMiraiQueue</c> was given; by default the queue without a
    /// name.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiQueueLoops(
        this IHealthChecksBuilder builder, string name = "queue-loops", IEnumerable<string>? tags = null,
        string queueName = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new LoopHealthCheck(
                services.FindNamed<QueueServer>(queueName), services.FindNamed<QueueScheduler>(queueName)),
            null,
            tags));
    }
}
