using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mirai.Hosting;

/// <summary>Runs the host of a program.</summary>
public static class HostRun
{
    /// <summary>Starts the host, waits for SIGTERM or Ctrl+C, and stops the host. A stop that comes while the host
    /// starts is a stop like any other: the services that have started are stopped, and nothing is thrown.</summary>
    /// <param name="host">The host; the caller disposes it.</param>
    /// <returns>Completes when the host has stopped.</returns>
    /// <remarks>Unlike <c>RunAsync</c>: that throws when the start is cancelled, and stops no service then.</remarks>
    public static async Task RunUntilStoppedAsync(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync();
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && IsCancellation(exception))
        {
            // The stop interrupted the start of a service.
        }

        await host.WaitForShutdownAsync();
    }

    private static bool IsCancellation(Exception exception) => exception switch
    {
        OperationCanceledException => true,
        AggregateException several => several.InnerExceptions.All(IsCancellation),
        _ => false,
    };
}
