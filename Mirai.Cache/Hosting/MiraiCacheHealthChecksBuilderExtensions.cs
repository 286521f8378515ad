using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Cache.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health check of Mirai.Cache.</summary>
public static class MiraiCacheHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that is degraded while the cache works without Redis, and never unhealthy, because the
    /// application works. The check does not connect a cache that has not been used yet.</summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">The tags of the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiCache(
        this IHealthChecksBuilder builder, string name = "cache", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<CacheHealthCheck>(services), HealthStatus.Degraded,
            tags));
    }
}
