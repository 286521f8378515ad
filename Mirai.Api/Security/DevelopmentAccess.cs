using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Mirai.Api.Security;

/// <summary>Decides which requests need no credentials: those of a developer, on the machine on which the API runs in
/// a development environment. The name of the environment alone opens nothing to a network.</summary>
internal sealed class DevelopmentAccess(IHostEnvironment environment, IOptionsMonitor<SecurityOptions> security)
{
    // A proxy adds one of them. ForwardedHeadersMiddleware leaves X-Original-For where it removes X-Forwarded-For.
    private static readonly string[] ProxyHeaders =
        ["X-Forwarded-For", "X-Original-For", "X-Real-IP", "Forwarded", HeaderNames.Via];

    private static readonly string[] EnvironmentVariables = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    /// <summary>Whether a request that brings no API key may do everything.</summary>
    /// <remarks>Credentials of another kind are checked, and refused if they are wrong.</remarks>
    public bool IsOpenTo(HttpContext http) => environment.IsDevelopment()
        && !http.Request.Headers.ContainsKey(HeaderNames.Authorization)
        && (security.CurrentValue.AllowRemoteDevelopment || IsOfThisMachine(http));

    /// <summary>Stops a program that would run as Development although a variable names another environment: one of
    /// several sources wins, and a person who set another one believes that the API is closed.</summary>
    /// <param name="environment">The environment in which the program would run.</param>
    /// <exception cref="OptionsValidationException">A variable names another environment.</exception>
    public static void RequireNoOtherEnvironment(IHostEnvironment environment)
    {
        foreach (var variable in EnvironmentVariables)
        {
            if (environment.IsDevelopment()
                && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } name
                && !environment.IsEnvironment(name))
            {
                throw new OptionsValidationException(variable, typeof(IHostEnvironment),
                [
                    $"{variable} is \"{name}\", but the API would run as Development, because --environment or " +
                    "DOTNET_ENVIRONMENT wins. Name the same environment everywhere, or in one place only.",
                ]);
            }
        }
    }

    // A proxy on the same machine brings requests from elsewhere, and a browser brings those of a page whose host name
    // leads to this machine.
    private static bool IsOfThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
        && IsLoopback(http.Request.Host.Host)
        && !ProxyHeaders.Any(http.Request.Headers.ContainsKey);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>Logs at start what an operator must not find out later: that the API is open, or that it refuses every
/// caller.</summary>
internal sealed partial class SecurityNotice(
    IOptions<SecurityOptions> security, IHostEnvironment environment, ILogger<SecurityNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsDevelopment())
        {
            LogOpen(security.Value.AllowRemoteDevelopment ? "every machine" : "this machine");
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
        Message = "This is a development environment: requests from {Callers} may do everything without credentials")]
    private partial void LogOpen(string callers);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Neither Security:ApiKeys nor Security:Jwt is set: only health checks and webhooks are " +
            "answered, all other requests get 401. Set one of the two")]
    private partial void LogClosed();
}
