using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;

namespace Mirai.Queue.Legacy;

/// <summary>Moves tasks of the legacy layout while a worker runs in this process, when
/// <see cref="LegacyLayoutOptions.DrainLegacy"/> is set.</summary>
/// <param name="connection">Redis.</param>
/// <param name="mover">Moves the tasks.</param>
/// <param name="options">The settings.</param>
/// <param name="server">The worker of this queue; <see langword="null"/> in a process that only enqueues.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">The logs.</param>
internal sealed class LegacyDrainService(
    RedisConnection connection, LegacyMover mover, LegacyLayoutOptions options, IQueueServer? server, TimeProvider time,
    ILoggerFactory loggers) : IHostedService
{
    private LegacyDrainer? drainer;

    internal bool IsDraining => drainer is not null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (drainer is null && options.DrainLegacy && server is not null
            && !cancellationToken.IsCancellationRequested)
        {
            var health = new RedisHealth(time, loggers.CreateLogger<RedisHealth>());
            drainer = new LegacyDrainer(connection, mover, health, time, loggers.CreateLogger<LegacyDrainer>());
            drainer.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => drainer?.StopAsync() ?? Task.CompletedTask;
}
