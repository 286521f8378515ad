using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mirai.Platform.Database;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what probes ask Mirai.Platform.</summary>
public static class MiraiPlatformHealthChecksBuilderExtensions
{
    /// <summary>Whether the database answers. It needs <c>AddMiraiPlatform</c>.</summary>
    /// <param name="builder">The checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">Labels to choose it by.</param>
    /// <returns>The same checks.</returns>
    public static IHealthChecksBuilder AddMiraiDatabase(
        this IHealthChecksBuilder builder, string name = "database", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<DatabaseHealthCheck>(services), failureStatus: null,
            tags));
    }
}
