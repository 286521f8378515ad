using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue;
using Mirai.Queue.Hosting;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>A program with the queue: a producer as the API is, or a worker.</summary>
internal sealed class QueueApp : IAsyncDisposable
{
    private readonly IHost host;

    private QueueApp(IHost host) => this.host = host;

    public IQueueClient Client => Get<IQueueClient>();

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public static async Task<QueueApp> StartAsync(string url, Action<MiraiQueueBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("REDIS_URL", url)]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        configure(builder.Services.AddMiraiQueue(builder.Configuration));
        var app = new QueueApp(builder.Build());
        await app.host.StartAsync();

        return app;
    }

    public static Task<QueueApp> StartProducerAsync(string url) => StartAsync(url, _ => { });

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
