using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>One duty of a server, done again and again. The duty is one pass; this class owns the loop, the pause
/// between passes, and what happens when a pass fails.</summary>
internal abstract partial class PeriodicComponent(
    TimeSpan interval, bool startsAtOnce, RedisRetry retry, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource stopping = new();
    private readonly AsyncSignal runNow = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Whether the loop goes on.</summary>
    public LoopPulse Pulse { get; } = new(time);

    /// <summary>The pause until the next pass, asked after each one.</summary>
    protected virtual TimeSpan Pause => interval;

    /// <summary>How long a pass may take; infinite when it runs code of the application.</summary>
    protected virtual TimeSpan LongestPass => TimeSpan.Zero;

    protected TimeProvider Time => time;

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Ends the loop. A pass that waits for Redis is left alone: every step of one is complete in
    /// itself.</summary>
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
                Pulse.Beat(interval);
                await runNow.WaitAsync(interval, time, token).ConfigureAwait(false);
            }

            while (true)
            {
                await RunPassAsync(token).ConfigureAwait(false);
                var pause = Pause;
                Pulse.Beat(pause);
                await runNow.WaitAsync(pause, time, token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            Pulse.End(token.IsCancellationRequested);
        }
    }

    private async Task RunPassAsync(CancellationToken token)
    {
        try
        {
            await retry.RunAsync(BeatAndRunAsync, token).WaitAsync(token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogFailed(logger, GetType().Name, exception);
        }
    }

    private Task BeatAndRunAsync(CancellationToken token)
    {
        Pulse.Beat(LongestPass);
        return RunOnceAsync(token);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A pass of the {Component} failed; the next one comes as usual")]
    private static partial void LogFailed(ILogger logger, string component, Exception exception);
}
