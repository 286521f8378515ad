using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;

namespace Mirai.Queue.Legacy;

/// <summary>Runs the bridge beside a worker, if the settings want it.</summary>
internal sealed class LegacyDrainService(
    RedisConnection connection, LegacyMover mover, LegacyLayoutOptions options, TimeProvider time,
    ILoggerFactory loggers) : IHostedService
{
    private LegacyDrainer? drainer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.DrainLegacy)
        {
            var health = new RedisHealth(time, loggers.CreateLogger<RedisHealth>());
            drainer = new LegacyDrainer(
                connection, mover, health, time, loggers.CreateLogger<LegacyDrainer>());
            drainer.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => drainer?.StopAsync() ?? Task.CompletedTask;
}
