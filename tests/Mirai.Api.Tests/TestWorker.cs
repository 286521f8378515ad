using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue;
using Mirai.Queue.Hosting;
using Mirai.Testing;

namespace Mirai.Api.Tests;

/// <summary>A worker of the queue "default", beside the API as in another process.</summary>
internal sealed class TestWorker(IHost host) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<TestWorker> StartAsync(string redisUrl, Func<TaskContext, Task> handler) => StartAsync(
        redisUrl, (_, queue) => queue.AddHandler("mail:", (context, _) => handler(context)));

    public static async Task<TestWorker> StartAsync(
        string redisUrl, Action<IServiceCollection, MiraiQueueBuilder> build)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        build(
            builder.Services,
            builder.Services.AddMiraiQueue(options => options.RedisUrl = redisUrl)
                .AddServer(options => options.Queues["default"] = 1));
        var worker = new TestWorker(builder.Build());
        await worker.StartAsync();

        return worker;
    }

    /// <summary>Looks until what the API shows is in that state: of states that do not end a task, nobody tells.</summary>
    public static async Task<JsonElement> UntilAsync(HttpClient api, string location, string state)
    {
        JsonElement shown = default;
        await RedisWait.UntilAsync(
            async () =>
            {
                shown = JsonDocument.Parse(await api.GetStringAsync(location)).RootElement;
                return shown.GetProperty("state").GetString() == state;
            },
            Patience, $"{location} is {state}");

        return shown;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private Task StartAsync() => host.StartAsync();
}
