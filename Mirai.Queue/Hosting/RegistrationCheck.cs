using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server;

namespace Mirai.Queue.Hosting;

/// <summary>Warns at start about registrations that do nothing: handlers without a server, and a server without
/// handlers. Neither is refused: programs share registrations, and some only enqueue.</summary>
internal sealed partial class RegistrationCheck(
    IServiceCollection services, string name, ILogger<RegistrationCheck> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var hasServer = services.HasNamed<QueueServer>(name);
        var hasHandlers = services.HasNamed<HandlerRegistration>(name)
            || services.HasNamed<MiddlewareRegistration>(name); // which may run tasks of every type
        var queue = name.Length == 0 ? nameof(MiraiQueueServiceCollectionExtensions.AddMiraiQueue) : name;
        if (!hasServer && (hasHandlers || services.HasNamed<ITaskAggregator>(name)))
        {
            LogNoServer(logger, queue);
        }
        else if (hasServer && !hasHandlers)
        {
            LogNoHandlers(logger, queue);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Queue} has handlers or an aggregator but no server: this process enqueues tasks and runs none. " +
            "Add a server with AddServer(), unless another process runs the tasks")]
    private static partial void LogNoServer(ILogger logger, string queue);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Queue} has a server but no handlers: the server takes tasks and can run none of them. Mirai " +
            "treats each as a task of an unknown type. Add handlers with AddHandler()")]
    private static partial void LogNoHandlers(ILogger logger, string queue);
}
