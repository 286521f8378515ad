using Microsoft.Extensions.Options;

namespace Mirai.Api.Security;

/// <summary>Says at start what an operator must not find out later: that everything is open, or that nothing
/// is.</summary>
internal sealed partial class SecurityNotice(
    IOptions<SecurityOptions> security, IHostEnvironment environment, ILogger<SecurityNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsDevelopment())
        {
            LogOpen();
        }
        else if (security.Value.ApiKeys.Count == 0 && !security.Value.Jwt.IsConfigured)
        {
            LogClosed();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This is a development environment: requests without credentials may do everything")]
    private partial void LogOpen();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Neither Security:ApiKeys nor Security:Jwt is set: only health checks and webhooks are answered")]
    private partial void LogClosed();
}
