using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Scheduler;

/// <summary>Does something again and again. It says itself how long to wait; after a failure it is tried again soon,
/// and later each time.</summary>
/// <param name="name">What is done, for the log.</param>
/// <param name="pass">Does it once; the token says that no more is wanted.</param>
/// <param name="services">The health of Redis, the clock and the log.</param>
internal sealed partial class PassLoop(
    string name, Func<CancellationToken, Task<TimeSpan>> pass, SchedulerServices services)
{
    private static readonly BackOff BackOff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

    private readonly ILogger logger = services.Loggers.CreateLogger<PassLoop>();
    private readonly CancellationTokenSource stopping = new();
    private Task loop = Task.CompletedTask;

    /// <summary>What is done.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the loop goes on.</summary>
    public LoopPulse Pulse { get; } = new(services.Time);

    /// <summary>Begins, after a pause.</summary>
    public void Start(TimeSpan pause)
    {
        // What happens to go on where the scheduler is started (a trace, for instance) has no part in every tick to
        // come.
        using (ExecutionContext.SuppressFlow())
        {
            loop = Task.Run(() => RunAsync(pause));
        }
    }

    /// <summary>Ends the loop. A pass that is under way may end, within <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await loop.WaitAsync(patience, services.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogLeft(logger, Name);
        }
    }

    private async Task RunAsync(TimeSpan pause)
    {
        try
        {
            var failures = 0;
            await PauseAsync(pause).ConfigureAwait(false);
            while (!stopping.IsCancellationRequested)
            {
                Pulse.Beat(TimeSpan.Zero);
                var next = await RunPassAsync(failures).ConfigureAwait(false);
                failures = next is null ? failures + 1 : 0;
                await PauseAsync(next ?? BackOff.Pause(failures)).ConfigureAwait(false);
            }
        }
        finally
        {
            Pulse.End(stopping.IsCancellationRequested);
        }
    }

    private async Task PauseAsync(TimeSpan wanted)
    {
        var pause = wanted > TimeSpan.Zero ? wanted : TimeSpan.Zero;
        Pulse.Beat(pause);
        await Task.Delay(pause, services.Time, stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<TimeSpan?> RunPassAsync(int failures)
    {
        try
        {
            return await pass(stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            services.Health.Failed(exception); // logs the change, for all loops together
            return null;
        }
        catch (Exception exception)
        {
            if (failures == 0)
            {
                LogFailed(logger, Name, exception);
            }

            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name} failed; it is tried until it succeeds")]
    private static partial void LogFailed(ILogger logger, string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} did not end in time; the scheduler stops without it")]
    private static partial void LogLeft(ILogger logger, string name);
}
