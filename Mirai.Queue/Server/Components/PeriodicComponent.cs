using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Server.Components;

/// <summary>One duty of a server, done again and again. The duty is one pass; this class owns the loop, the pause between
/// passes, and what happens when a pass fails.</summary>
internal abstract partial class PeriodicComponent(
    TimeSpan interval, bool startsAtOnce, RedisRetry retry, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource stopping = new();
    private readonly AsyncSignal runNow = new();
    private Task loop = Task.CompletedTask;

    /// <summary>The pause until the next pass, asked after each one.</summary>
    protected virtual TimeSpan Pause => interval;

    protected TimeProvider Time => time;

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Ends the loop. A pass that waits for Redis is left alone: every step of one is complete in itself.</summary>
    public virtual async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
    }

    /// <summary>One pass.</summary>
    internal abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Cuts the current pause short.</summary>
    protected void RunNow() => runNow.Set();

    private async Task RunAsync()
    {
        var token = stopping.Token;
        try
        {
            if (!startsAtOnce)
            {
                await runNow.WaitAsync(interval, time, token).ConfigureAwait(false);
            }

            while (true)
            {
                await RunPassAsync(token).ConfigureAwait(false);
                await runNow.WaitAsync(Pause, time, token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task RunPassAsync(CancellationToken token)
    {
        try
        {
            await retry.RunAsync(RunOnceAsync, token).WaitAsync(token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogFailed(logger, GetType().Name, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A pass of the {Component} failed; the next one comes as usual")]
    private static partial void LogFailed(ILogger logger, string component, Exception exception);
}
