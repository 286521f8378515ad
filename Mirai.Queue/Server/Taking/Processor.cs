using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Taking;

/// <summary>Takes tasks from the queues whenever slots are free, and starts them. One round trip asks all queues that
/// may have tasks, each for its share; slots that an empty queue leaves go to the other queues in the next round trip. A
/// queue at its limit is not asked, and a task whose type is at its limit is deferred.</summary>
internal sealed partial class Processor(
    IQueueStore store, QueuePicker picker, RunningTasks running, AttemptRunner runner, Outcomes outcomes,
    Syncer syncer, LostTakes lostTakes, IdleWait idle, LeaseTimes times, RedisHealth health, QueueMetrics metrics,
    TimeProvider time, ILogger<Processor> logger)
{
    // One script call takes Redis around a millisecond, however many slots there are.
    private const int MaxTasksPerRound = 500;

    // Deferred tasks must not delay the queues that were empty when the fill began.
    private const int MaxRoundsOfDeferrals = 16;

    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private Task? loop;

    /// <summary>Whether the loop is alive, for health checks.</summary>
    public LoopPulse Pulse { get; } = new(time);

    /// <summary>Whether Redis has answered a take.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>Starts taking. A second call has no effect, and neither has a call after the stop.</summary>
    public void Start()
    {
        lock (gate)
        {
            // Every take would belong to the trace of the caller if the execution context flowed into the loop.
            using (ExecutionContext.SuppressFlow())
            {
                loop ??= Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Ends taking. Returns when no take is under way; the tasks of the last take have been
    /// requeued.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (loop is { } taking)
        {
            // A loop that failed must not keep the server from its stop.
            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>There may be tasks. Any thread may call this.</summary>
    /// <param name="queue">In this queue; <see langword="null"/> when it may be any queue.</param>
    public void WakeUp(string? queue)
    {
        picker.Attention.Signal(queue);
        idle.WakeUp();
    }

    /// <summary>Fills the free slots once.</summary>
    /// <returns>How many tasks were started, and whether to go on without a pause: no slot is free, or the last round
    /// still met tasks above a limit.</returns>
    internal async Task<(int Started, bool GoOn)> FillAsync()
    {
        var slots = running.Free;
        var free = slots;
        var deferrals = 0;
        picker.Begin();
        await PollAsync().ConfigureAwait(false);
        while (free > 0 && deferrals < MaxRoundsOfDeferrals && !stopping.IsCancellationRequested && picker.AnyOpen())
        {
            var (started, anyDeferred) = await TakeRoundAsync(Math.Min(free, MaxTasksPerRound), deferrals)
                .ConfigureAwait(false);
            free -= started;
            deferrals += anyDeferred ? 1 : 0;
        }

        return (slots - free, free == 0 || deferrals == MaxRoundsOfDeferrals);
    }

    // While slots are free only now and then, too: the queues that are known to have tasks must not hide the others.
    private async Task PollAsync()
    {
        if (picker.Attention.AsksAll)
        {
            idle.BeginInterval(); // the round itself is a poll
        }
        else if (picker.Attention.WantsLook || idle.IsPollDue)
        {
            picker.Attention.Looked(
                await store.FindPendingAsync(picker.Attention.ToLookAt()).ConfigureAwait(false));
            picker.OpenInteresting();
            idle.BeginInterval();
        }
    }

    /// <returns>Whether a queue got tasks between the last take and now.</returns>
    private async Task<bool> WatchAsync()
    {
        if (!store.IsWatching)
        {
            return false;
        }

        try
        {
            var found = await store.WatchAsync(picker.Attention.Silent()).ConfigureAwait(false);
            foreach (var queue in found)
            {
                picker.Attention.Signal(queue);
            }

            return found.Count > 0;
        }
        catch (Exception exception) when (RedisFaults.IsRedis(exception))
        {
            return false; // Redis went away between two commands: the next poll says so
        }
    }

    private async Task RunAsync()
    {
        var token = stopping.Token;
        while (!token.IsCancellationRequested)
        {
            try
            {
                await RunCycleAsync(token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                break;
            }
            catch (Exception bug)
            {
                // A bug: no part of a cycle should throw. The loop goes on, because a server that takes no tasks is
                // worse than a log line.
                LogFailed(logger, times.Heartbeat, bug);
                await Task.Delay(times.Heartbeat, time, token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Pulse.End(wasStopped: true);
    }

    private async Task RunCycleAsync(CancellationToken token)
    {
        Pulse.Beat(Timeout.InfiniteTimeSpan); // handlers may run for as long as they like
        await running.WaitForFreeAsync(token).ConfigureAwait(false);
        await syncer.WaitForRoomAsync(token).ConfigureAwait(false);
        var (started, goOn) = (0, false);
        await health.RetryAsync(
            async _ =>
            {
                Pulse.Beat(TimeSpan.Zero);
                (started, goOn) = await FillAsync().ConfigureAwait(false);
            },
            token).ConfigureAwait(false);
        HasAsked = true;
        idle.Polled(started > 0);
        if (!goOn && !await WatchAsync().ConfigureAwait(false))
        {
            Pulse.Beat(idle.Longest);
            await idle.WaitAsync(token).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Taking tasks failed because of a bug in Mirai; the server goes on after {Pause}")]
    private static partial void LogFailed(ILogger logger, TimeSpan pause, Exception exception);
}
