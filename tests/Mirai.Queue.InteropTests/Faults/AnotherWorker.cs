using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Mirai.Queue.InteropTests.Faults;

/// <summary>A worker of queue "default" in this process. Its handler succeeds.</summary>
internal sealed class AnotherWorker : IAsyncDisposable
{
    private readonly IHost host;

    public AnotherWorker(IDatabase redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMiraiQueue(_ => { })
            .UseConnection(_ => Task.FromResult(redis.Multiplexer))
            .AddServer(options => options.RetryDelay = _ => TimeSpan.Zero)
            .UseMiddleware((context, _) =>
            {
                Handled.Enqueue(context);
                return Task.CompletedTask;
            });
        host = builder.Build();
    }

    /// <summary>What it got, in order.</summary>
    public ConcurrentQueue<TaskContext> Handled { get; } = new();

    public IQueueClient Client => host.Services.GetRequiredService<IQueueClient>();

    public Task StartAsync() => host.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
