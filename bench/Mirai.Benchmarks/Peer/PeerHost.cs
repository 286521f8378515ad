using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue;

namespace Mirai.Benchmarks.Peer;

/// <summary>A host as an application would build it: a client, and a worker if there is a handler.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    public const string Queue = "default";
    public const string TaskType = "noop";

    private readonly IHost host;

    public PeerHost(PeerOptions options, Func<TaskContext, CancellationToken, Task>? handler = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole().AddFilter(null, LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var queue = builder.Services.AddMiraiQueue(settings => settings.RedisUrl = options.Redis);
        if (handler is not null)
        {
            queue.AddServer(server => server.Concurrency = options.Concurrency).AddHandler(TaskType, handler);
        }

        host = builder.Build();
        Client = host.Services.GetRequiredService<IQueueClient>();
        Inspector = host.Services.GetRequiredService<IQueueInspector>();
    }

    public IQueueClient Client { get; }

    public IQueueInspector Inspector { get; }

    public Task StartAsync() => host.StartAsync();

    public Task StopAsync() => host.StopAsync();

    public async Task<QueueInfo> InfoAsync() => await Inspector.FindQueueAsync(Queue)
        ?? new QueueInfo { Queue = Queue, Timestamp = default };

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
