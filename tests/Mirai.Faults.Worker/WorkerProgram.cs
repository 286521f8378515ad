using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue;

namespace Mirai.Faults.Worker;

/// <summary>A host with a queue server in it, as an application has it.</summary>
internal static class WorkerProgram
{
    public static async Task RunAsync(WorkerSettings settings, EventWriter events, TextReader commands)
    {
        var releases = new Releases();
        using var host = Create(settings, events, new FaultHandler(events, releases));
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
            () => events.Write(new WorkerEvent("ready")));
        _ = Task.Run(async () =>
        {
            await releases.ReadAsync(commands);
            Environment.Exit(1); // the test is gone
        });
        await host.RunAsync();
        events.Write(new WorkerEvent("stopped"));
    }

    private static IHost Create(WorkerSettings settings, EventWriter events, FaultHandler handler)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new EventLogging(events));
        builder.Services.AddSingleton<TimeProvider>(new ShiftedClock(settings.ClockOffset));
        builder.Services.AddHostedService(_ => new StartSignal(events));
        var queue = builder.Services.AddMiraiQueue(options => options.RedisUrl = settings.RedisUrl)
            .AddServer(options => Apply(settings, options));
        foreach (var type in FaultHandler.Types)
        {
            queue.AddHandler(type, (context, _) => handler.HandleAsync(context));
        }

        return builder.Build();
    }

    // The first service that starts: from now on the host handles SIGTERM.
    private sealed class StartSignal(EventWriter events) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            events.Write(new WorkerEvent("starting"));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static void Apply(WorkerSettings settings, QueueServerOptions options)
    {
        options.Concurrency = settings.Concurrency;
        options.ShutdownTimeout = settings.ShutdownTimeout;
        options.RetryDelay = _ => TimeSpan.Zero;
        foreach (var queue in settings.Queues)
        {
            options.Queues[queue] = 1;
        }

        if (settings.Times is { } times)
        {
            options.LeaseDuration = times.Lease;
            options.HeartbeatInterval = times.Heartbeat;
            options.ServerLifetime = times.ServerLifetime;
            options.RecoveryTolerance = times.RecoveryTolerance;
            options.RecoverInterval = options.ForwardInterval = options.JanitorInterval = times.Upkeep;
        }
    }
}

/// <summary>The clock of a machine that nobody has set.</summary>
internal sealed class ShiftedClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
