using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Hosting;
using Mirai.Testing;

namespace Mirai.Queue.Tests.Server;

/// <summary>A worker as an application hosts it, on real time.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly IHost host;

    private WorkerHost(IHost host) => this.host = host;

    public IQueueClient Client => host.Services.GetRequiredService<IQueueClient>();

    public IQueueServer Server => host.Services.GetRequiredService<IQueueServer>();

    public IQueueInspector Inspector => host.Services.GetRequiredService<IQueueInspector>();

    /// <summary>Starts a worker of queue "mail" whose handler gets all tasks of type "mail:…".</summary>
    public static async Task<WorkerHost> StartAsync(
        string redisUrl, Func<TaskContext, CancellationToken, Task> handler,
        Action<QueueServerOptions>? configure = null,
        Action<MiraiQueueBuilder>? build = null, TimeProvider? time = null, ILogger? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopPatience);
        builder.Logging.AddProvider(new TestLoggerProvider());
        if (log is not null)
        {
            builder.Logging.AddProvider(new OneLog(log));
        }

        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var queue = builder.Services.AddMiraiQueue(options => options.RedisUrl = redisUrl)
            .AddServer(options =>
            {
                options.Queues["mail"] = 1;
                options.Concurrency = 10;
                configure?.Invoke(options);
            })
            .AddHandler("mail:", handler);
        build?.Invoke(queue);
        var worker = new WorkerHost(builder.Build());
        await worker.host.StartAsync();

        return worker;
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private sealed class OneLog(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
            // The log belongs to the test.
        }
    }
}
