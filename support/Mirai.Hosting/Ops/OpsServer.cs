using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mirai.Hosting.Health;
using Mirai.Hosting.Telemetry;
using OpenTelemetry.Metrics;

namespace Mirai.Hosting.Ops;

/// <summary>A small web server beside a worker. Kestrel, because it is in the runtime's image anyway and bounds what a
/// caller may send; no other part of the worker becomes a web application.</summary>
public sealed partial class OpsServer(
    IOptions<OpsOptions> options, HealthCheckService health, MeterProvider metrics, QueueFigures figures,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger logger = loggers.CreateLogger<OpsServer>();
    private WebApplication? app;

    /// <summary>The address; <see langword="null"/> while the port is closed.</summary>
    public Uri? Url { get; private set; }

    /// <summary>Opens the port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (port, address) = (options.Value.Port, options.Value.Address);
        if (port < 0 || app is not null)
        {
            return;
        }

        app = Build(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{port}"));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the program stops while it starts
        }

        var listensAt = app.Urls.First();
        LogListening(logger, listensAt);
        Url = new Uri(listensAt.Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }

    /// <summary>Closes the port.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Closes the port if it is open.</summary>
    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(health);
        builder.Services.AddSingleton(loggers);
        var web = builder.Build();
        web.UseMiraiMetrics(metrics, figures);
        web.MapMiraiHealth();

        return web;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for probes and metrics at {Url}")]
    private static partial void LogListening(ILogger logger, string url);
}

/// <summary>Registers the port for probes and metrics.</summary>
public static class OpsServiceCollectionExtensions
{
    /// <summary>Adds the port that section <c>Ops</c> names; a second call adds no second port.</summary>
    public static void AddOpsServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OpsOptions>().Bind(configuration.GetSection(OpsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpsOptions>, OpsOptionsValidator>();
        if (services.All(service => service.ServiceType != typeof(OpsServer)))
        {
            services.AddSingleton<OpsServer>();
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OpsServer>());
        }
    }
}
