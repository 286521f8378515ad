using Microsoft.Extensions.Logging;

namespace Mirai.Queue.Looping;

/// <summary>A background duty of a server or scheduler, done in passes. A derived class says what one pass does, and a
/// test runs single passes. This class does the rest: the pause between two passes, the pulse for health checks, the
/// back-off and the log lines when passes fail, start and stop.</summary>
internal abstract partial class Loop(RedisHealth health, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource stopping = new();
    private readonly AsyncSignal runNow = new();
    private readonly FaultLog faults = new(time, logger);
    private readonly Lock gate = new();
    private Task? running;
    private Task? stopped;

    /// <summary>The duty's name in logs and health checks.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Tells health checks whether the loop is stuck.</summary>
    public LoopPulse Pulse { get; } = new(time);

    /// <summary>The pause between the start and the first pass.</summary>
    protected virtual TimeSpan FirstPause => TimeSpan.Zero;

    /// <summary>How long a pass may take before the loop counts as stuck, beyond <see cref="LoopPulse.Patience"/>.
    /// Infinite when a pass runs code of the application.</summary>
    protected virtual TimeSpan LongestPass => TimeSpan.Zero;

    /// <summary>How long <see cref="StopAsync"/> waits for a pass to end. Zero abandons the pass at once, so that a
    /// stop does not wait for Redis: possible for a duty whose every step is complete in itself.</summary>
    protected virtual TimeSpan StopPatience => TimeSpan.Zero;

    /// <summary>Whether the last pass asked Redis: only then does its success prove that Redis answers.</summary>
    internal virtual bool HasAskedRedis => true;

    protected TimeProvider Time => time;

    /// <summary>Starts the loop. A second call has no effect, and neither has a call after the stop.</summary>
    public void Start()
    {
        lock (gate)
        {
            // Every pass would belong to the trace of the caller if the execution context flowed into the loop.
            using (ExecutionContext.SuppressFlow())
            {
                running ??= Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Ends the loop. A second call returns the task of the first.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            return stopped ??= EndAsync();
        }
    }

    /// <summary>One pass.</summary>
    /// <param name="cancellationToken">Fires when the loop is stopped.</param>
    /// <returns>The pause until the next pass; infinite when only <see cref="RunNow"/> brings one.</returns>
    internal abstract Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Cuts the current pause short, or the next one when a pass is under way.</summary>
    protected void RunNow() => runNow.Set();

    /// <summary>Ends the loop; called once. A duty that has more to end overrides this.</summary>
    protected virtual async Task EndAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (running is { } loop)
        {
            // A loop that failed has logged its fault; the stop goes on.
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync()
    {
        var token = stopping.Token;
        try
        {
            await PauseAsync(FirstPause, token).ConfigureAwait(false);
            for (var failures = 0; ;)
            {
                if (await TryPassAsync(token).ConfigureAwait(false) is { } pause)
                {
                    failures = 0;
                    await PauseAsync(pause, token).ConfigureAwait(false);
                }
                else
                {
                    // RunNow does not cut this pause short: a stream of signals would defeat the back-off.
                    await health.BackOffAsync(failures++, token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // Stopped: the pass that the stop interrupted may have failed with any exception.
        }
        catch (Exception bug)
        {
            LogEnded(logger, Name, bug);
        }
        finally
        {
            Pulse.End(token.IsCancellationRequested);
        }
    }

    private async ValueTask PauseAsync(TimeSpan pause, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (pause > TimeSpan.Zero || pause == Timeout.InfiniteTimeSpan)
        {
            Pulse.Beat(pause);
            await runNow.WaitAsync(pause, time, token).ConfigureAwait(false);
        }
    }

    /// <returns>The pause until the next pass; <see langword="null"/> when this pass failed.</returns>
    private async Task<TimeSpan?> TryPassAsync(CancellationToken token)
    {
        Pulse.Beat(LongestPass);
        try
        {
            var pause = await CompleteAsync(RunOnceAsync(token), token).ConfigureAwait(false);
            if (HasAskedRedis)
            {
                health.Succeeded();
            }

            faults.Succeeded(Name);
            return pause;
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            if (RedisFaults.IsAway(exception))
            {
                health.Failed(exception); // logs for all loops together
            }
            else
            {
                faults.Failed(Name, Name, exception);
            }

            return null;
        }
    }

    private async Task<TimeSpan> CompleteAsync(Task<TimeSpan> pass, CancellationToken token)
    {
        await ((Task)pass).WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!pass.IsCompleted)
        {
            await ((Task)pass).WaitAsync(StopPatience, time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!pass.IsCompleted && StopPatience > TimeSpan.Zero)
            {
                LogAbandoned(logger, Name, StopPatience);
            }

            token.ThrowIfCancellationRequested();
        }

        return await pass.ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "{Duty} ended because of a bug in Mirai. The duty is not done any more: restart the process")]
    private static partial void LogEnded(ILogger logger, string duty, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Duty} did not end within {Patience} of the stop. The stop goes on without it")]
    private static partial void LogAbandoned(ILogger logger, string duty, TimeSpan patience);
}
