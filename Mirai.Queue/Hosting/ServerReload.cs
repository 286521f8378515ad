using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Mirai.Queue.Server;

namespace Mirai.Queue.Hosting;

/// <summary>Applies new settings to the running worker when the configuration changes.</summary>
/// <remarks>Invalid settings change nothing and are logged. <see cref="IOptionsMonitor{TOptions}"/> would throw into
/// the code that reloaded the configuration, so this class uses the sources and the factory behind the
/// monitor.</remarks>
internal sealed partial class ServerReload(
    QueueServer server, string name, IOptionsFactory<QueueServerOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<QueueServerOptions>> sources, ILogger<ServerReload> logger) : IHostedService
{
    private readonly Lock gate = new();
    private readonly List<IDisposable> registrations = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (registrations.Count > 0)
        {
            return Task.CompletedTask; // a second start
        }

        registrations.AddRange(sources.Where(source => (source.Name ?? Options.DefaultName) == name)
            .Select(source => ChangeToken.OnChange(source.GetChangeToken, Apply)));
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
        // One change at a time: of two changes the later one must win.
        lock (gate)
        {
            try
            {
                server.Apply(factory.Create(name));
            }
            catch (Exception exception)
            {
                LogRefused(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The new settings of the worker are not valid; the worker keeps its old ones: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
