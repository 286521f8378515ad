using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Hosting;
using Mirai.Testing;

namespace Mirai.Queue.Legacy.Tests;

/// <summary>An application with a worker of queues critical, default and low, configured as an operator does it. Its
/// handler gets tasks of type "t".</summary>
internal sealed class LegacyHost : IAsyncDisposable
{
    private readonly IHost host;

    private LegacyHost(IHost host) => this.host = host;

    public IQueueClient Client => host.Services.GetRequiredService<IQueueClient>();

    public IQueueInspector Inspector => host.Services.GetRequiredService<IQueueInspector>();

    /// <param name="settings">As "NAME=value", with blanks between.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="build">What else the application has.</param>
    public static async Task<LegacyHost> StartAsync(
        string settings, Func<TaskContext, CancellationToken, Task> handler, Action<MiraiQueueBuilder>? build = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new TestLoggerProvider());
        builder.Configuration.AddInMemoryCollection(settings.Split(' ').Select(setting => setting.Split('=', 2))
            .ToDictionary(setting => setting[0], setting => (string?)setting[1]));
        var queue = builder.Services.AddMiraiQueue(builder.Configuration).AddLegacyLayout(builder.Configuration)
            .AddServer(options =>
            {
                (options.Queues["critical"], options.Queues["default"], options.Queues["low"]) = (6, 3, 1);
                options.ShutdownTimeout = TimeSpan.FromSeconds(1);
                options.RecoverInterval = TimeSpan.FromSeconds(1);
            })
            .AddHandler("t", handler);
        build?.Invoke(queue);
        var started = new LegacyHost(builder.Build());
        try
        {
            await started.host.StartAsync();
        }
        catch
        {
            ((IDisposable)started.host).Dispose();
            throw;
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
