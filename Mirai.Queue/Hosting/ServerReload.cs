using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Mirai.Queue.Server;

namespace Mirai.Queue.Hosting;

/// <summary>Hands new settings to the running worker when the configuration changes.</summary>
/// <remarks>Settings that are not valid change nothing, and that is logged. Therefore the sources and the factory
/// behind <see cref="IOptionsMonitor{TOptions}"/>: the monitor does not call back then, and throws into whoever
/// reloaded.</remarks>
internal sealed partial class ServerReload(
    QueueServer server, IOptionsFactory<QueueServerOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<QueueServerOptions>> sources, ILogger<ServerReload> logger) : IHostedService
{
    private readonly Lock gate = new();
    private readonly List<IDisposable> registrations = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        registrations.AddRange(sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, Apply)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        registrations.ForEach(registration => registration.Dispose());
        registrations.Clear();
        return Task.CompletedTask;
    }

    private void Apply()
    {
        // One at a time: of two changes the later one must win.
        lock (gate)
        {
            try
            {
                server.Apply(factory.Create(Options.DefaultName));
            }
            catch (Exception exception)
            {
                LogRefused(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The new settings are not valid, the old ones hold: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
