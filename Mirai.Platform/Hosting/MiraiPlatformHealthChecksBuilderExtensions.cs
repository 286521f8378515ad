using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Platform.Database;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health checks of Mirai.Platform.</summary>
public static class MiraiPlatformHealthChecksBuilderExtensions
{
    /// <summary>Adds a check whether the database answers. It requires <c>AddMiraiPlatform</c>.</summary>
    /// <param name="builder">The builder of the health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">The tags that select the check.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddMiraiDatabase(
        this IHealthChecksBuilder builder, string name = "database", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<DatabaseHealthCheck>(services), failureStatus: null,
            tags));
    }
}
