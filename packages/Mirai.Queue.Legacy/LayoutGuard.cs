using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Legacy;

/// <summary>Keeps a process from starting on a database that another layout uses. If Redis does not answer at once, it
/// looks as soon as Redis does, and stops the process then.</summary>
internal sealed partial class LayoutGuard(
    LayoutDetector detector, LegacyLayoutOptions options, IServiceProvider services, TimeProvider time,
    ILogger<LayoutGuard> logger) : IHostedService, IDisposable
{
    // A start does not wait for Redis to be there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private Task later = Task.CompletedTask;

    /// <exception cref="LayoutConflictException">The database holds keys of the other layout; the message names
    /// them.</exception>
    /// <exception cref="LayoutNotSupportedException">The layout does not work on this Redis.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> look;
        try
        {
            look = detector.FindOtherAsync(options.Layout);
            var found = await look.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            if (Judge(found) is { } refusal)
            {
                throw new LayoutConflictException(refusal);
            }
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            later = LookLaterAsync(stopping.Token);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // A host may be stopped twice, by its program and by whoever owns it; the other was faster.
        }

        await later.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task LookLaterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            try
            {
                var found = await detector.FindOtherAsync(options.Layout).ConfigureAwait(false);
                if (Judge(found) is { } refusal)
                {
                    StopProcess(refusal);
                }

                return;
            }
            catch (LayoutNotSupportedException exception)
            {
                StopProcess(exception.Message);
                return;
            }
            catch (Exception exception) when (RedisFaults.IsRedis(exception))
            {
                // Still away, which others report.
            }
        }
    }

    private void StopProcess(string reason)
    {
        LogRefused(logger, reason);
        (services.GetService(typeof(IHostApplicationLifetime)) as IHostApplicationLifetime)?.StopApplication();
    }

    /// <returns>Why not to go on, if so.</returns>
    private string? Judge(IReadOnlyList<string> found)
    {
        if (found.Count == 0 || options.DrainLegacy)
        {
            return null;
        }

        var text = options.Layout == RedisLayout.Current
            ? $"The database holds keys of the legacy layout (before Asynq 0.12): {string.Join(", ", found)}. Migrate them "
                + "(ILegacyMigration), let workers drain them (Queue:DrainLegacy=true), or use QUEUE_LAYOUT=legacy."
            : $"The database holds queues of the current layout (since Asynq 0.18): {string.Join(", ", found)}. Use "
                + "QUEUE_LAYOUT=current, or another database.";
        if (!options.AllowMixedLayouts)
        {
            return text + " Queue:AllowMixedLayouts=true starts all the same.";
        }

        LogMixed(logger, text);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Stopping: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Starting all the same: {Reason}")]
    private static partial void LogMixed(ILogger logger, string reason);
}
