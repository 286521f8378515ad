using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Legacy;

/// <summary>Keeps a process from starting on a database that another layout uses. The check runs before any hosted
/// service starts, so that no worker takes a task first. When Redis does not answer within two seconds, the process
/// starts, and the check runs as soon as Redis answers: the process stops then.</summary>
internal sealed partial class LayoutGuard(
    LayoutDetector detector, LegacyLayoutOptions options, IServiceProvider services, TimeProvider time,
    ILogger<LayoutGuard> logger) : IHostedLifecycleService, IDisposable
{
    // How long a start waits for Redis.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private Task later = Task.CompletedTask;

    /// <exception cref="LayoutConflictException">The database holds keys of the other layout; the message names
    /// them.</exception>
    /// <exception cref="LayoutNotSupportedException">The layout does not work on this Redis.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await detector.FindOtherAsync(options.Layout).WaitAsync(Patience, time, cancellationToken)
                .ConfigureAwait(false);
            if (Judge(found) is { } refusal)
            {
                throw new LayoutConflictException(refusal);
            }
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            later = LookLaterAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops while it starts: no worker of this process takes a task.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The host was stopped and disposed before, by its program or by its owner.
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
                // Redis is still away; other components log that.
            }
        }
    }

    private void StopProcess(string reason)
    {
        LogRefused(logger, reason);
        (services.GetService(typeof(IHostApplicationLifetime)) as IHostApplicationLifetime)?.StopApplication();
    }

    /// <returns>Why the process must stop; <see langword="null"/> when it may go on.</returns>
    private string? Judge(IReadOnlyList<string> found)
    {
        if (found.Count == 0 || options.DrainLegacy)
        {
            return null;
        }

        var text = options.Layout == RedisLayout.Current
            ? $"The database holds keys of the legacy layout (before Asynq 0.12): {string.Join(", ", found)}. Migrate "
                + "them (ILegacyMigration), let workers drain them (Queue:DrainLegacy=true), or use QUEUE_LAYOUT=legacy."
            : $"The database holds queues of the current layout (since Asynq 0.18): {string.Join(", ", found)}. Use "
                + "QUEUE_LAYOUT=current, or another database.";
        if (!options.AllowMixedLayouts)
        {
            return text + " To start anyway, set Queue:AllowMixedLayouts=true.";
        }

        LogMixed(logger, text);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The process stops: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The process starts although two layouts share the database (AllowMixedLayouts): {Reason}")]
    private static partial void LogMixed(ILogger logger, string reason);
}
