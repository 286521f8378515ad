using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mirai.Hosting.Ops;

/// <summary>Registers the port for probes and metrics.</summary>
public static class OpsServiceCollectionExtensions
{
    /// <summary>Adds the port that section <c>Ops</c> names.</summary>
    public static void AddOpsServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OpsOptions>().Bind(configuration.GetSection(OpsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpsOptions>, OpsOptionsValidator>();
        services.AddSingleton<OpsServer>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OpsServer>());
    }
}
