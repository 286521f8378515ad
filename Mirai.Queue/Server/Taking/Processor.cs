using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Taking;

/// <summary>Takes tasks from the queues whenever slots are free, and starts them. All queues are asked in one round
/// trip, each for its share; what an empty queue leaves goes to the others in the next. A queue at its limit is not
/// asked, and a task whose type is at its limit is put off.</summary>
internal sealed partial class Processor(
    IQueueStore store, SlotSharing sharing, RunningTasks running, Syncer syncer, LostTakes lostTakes,
    AttemptStarter starter, IdleWait idle, LeaseTimes times, RedisHealth health, QueueMetrics metrics,
    TimeProvider time, ILogger<Processor> logger)
{
    // One script call stays around a millisecond of Redis' time, however many slots there are.
    private const int MostPerRound = 500;

    // Tasks over a limit must not keep the queues waiting that were empty when the round began.
    private const int MostRoundsOfPutOffs = 16;

    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private Task loop = Task.CompletedTask;

    /// <summary>Whether the loop goes on.</summary>
    public LoopPulse Pulse { get; } = new(time);

    /// <summary>Redis has been asked for tasks, and has answered.</summary>
    public bool HasAsked { get; private set; }

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Takes nothing more. Returns when no take is under way; what the last one took has been put
    /// back.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
    }

    /// <summary>Fills the free slots once.</summary>
    /// <returns>How many tasks were started, and whether to go on without a pause: there is no free slot left, or
    /// there was no end of tasks over a limit.</returns>
    internal async Task<(int Started, bool GoOn)> FillAsync()
    {
        var slots = running.Free;
        var free = slots;
        var putOffs = 0;
        sharing.Begin();
        while (free > 0 && putOffs < MostRoundsOfPutOffs && !stopping.IsCancellationRequested && sharing.AnyOpen())
        {
            var (started, anyPutOff) = await TakeRoundAsync(Math.Min(free, MostPerRound), putOffs)
                .ConfigureAwait(false);
            free -= started;
            putOffs += anyPutOff ? 1 : 0;
        }

        return (slots - free, free == 0 || putOffs == MostRoundsOfPutOffs);
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
                // Nothing in a cycle is meant to throw; a server that takes no more tasks would be worse than a log
                // line.
                LogFailed(logger, bug);
                await Task.Delay(times.Heartbeat, time, CancellationToken.None).ConfigureAwait(false);
            }
        }

        Pulse.End(wasStopped: true);
    }

    private async Task RunCycleAsync(CancellationToken token)
    {
        Pulse.Beat(Timeout.InfiniteTimeSpan); // handlers take the time they take
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
        if (!goOn)
        {
            Pulse.Beat(idle.Longest);
            await idle.WaitAsync(token).ConfigureAwait(false);
        }
    }

    private async Task<(int Started, bool AnyPutOff)> TakeRoundAsync(int slots, int tries)
    {
        var leaseExpiry = WireTime.ToSeconds(time.GetUtcNow() + times.Duration);
        var asked = Ask(slots, leaseExpiry);
        var (started, putOff) = (0, 0);
        Exception? away = null;
        foreach (var (queue, count, isList, reply) in asked)
        {
            try
            {
                var taken = await reply.ConfigureAwait(false);
                refused.Remove(sharing[queue].Name);
                var accepted = Accept(sharing[queue], taken, leaseExpiry);
                started += accepted.Started;
                putOff += accepted.PutOff;
                sharing.GiveBack(queue, accepted.PutOff, tries);
                if (isList && taken.Left == 0)
                {
                    sharing.CloseIfEmpty(queue);
                }
            }
            catch (Exception exception)
            {
                sharing.Close(queue);
                away ??= Note(sharing[queue].Name, leaseExpiry, count, exception);
            }
        }

        if (away is not null)
        {
            ExceptionDispatchInfo.Throw(away);
        }

        return (started, putOff > 0);
    }

    private List<(int Queue, int Count, bool IsList, Task<TakenTasks> Reply)> Ask(int slots, long leaseExpiry)
    {
        var shares = sharing.Share(slots);
        var asked = new List<(int, int, bool, Task<TakenTasks>)>(shares.Length);
        for (var i = 0; i < shares.Length; i++)
        {
            if (!sharing.IsOpen(i))
            {
                continue;
            }

            var (queue, share) = (sharing[i].Name, shares[i]);
            if (share > 0 && sharing.Types?.HandOut(queue, share) is { Count: > 0 } waiting)
            {
                asked.Add((i, waiting.Count, false, store.TakeWaitingAsync(queue, waiting, leaseExpiry)));
                share -= waiting.Count;
            }

            asked.Add((i, share, true, store.TakeAsync(queue, share, leaseExpiry, metrics.MeasuresPickUp)));
        }

        return asked;
    }

    private (int Started, int PutOff) Accept(ServedQueue queue, TakenTasks taken, long leaseExpiry)
    {
        if (taken.Ghosts > 0)
        {
            metrics.GhostsDropped(queue.Name, taken.Ghosts);
            LogGhosts(logger, taken.Ghosts, queue.Name);
        }

        if (taken.Tasks.Count == 0)
        {
            return (0, 0);
        }

        metrics.Consumed(queue.Name, taken.Tasks.Count);
        if (stopping.IsCancellationRequested)
        {
            PutBack(queue.Name, taken.Tasks, leaseExpiry);
            return (0, 0);
        }

        return starter.Start(queue, taken.Tasks, leaseExpiry, sharing.Types);
    }

    // The last to be put back is the next to be taken: so the oldest goes last.
    private void PutBack(string queue, IReadOnlyList<TakenTask> tasks, long leaseExpiry)
    {
        for (var i = tasks.Count - 1; i >= 0; i--)
        {
            syncer.Submit(AttemptPolicy.Requeue(new TaskLease(queue, tasks[i].Id, leaseExpiry, tasks[i].Member)));
        }
    }

    /// <returns>The exception if Redis is away: then the round is repeated later. A queue that Redis refuses for
    /// another reason must not keep the others waiting.</returns>
    private Exception? Note(string queue, long leaseExpiry, int count, Exception exception)
    {
        if (count > 0 && RedisFaults.MayHaveRun(exception))
        {
            lostTakes.Add(new LostTake(queue, leaseExpiry, count));
        }

        if (RedisFaults.IsTransient(exception))
        {
            return exception;
        }

        if (refused.Add(queue))
        {
            LogRefused(logger, queue, exception);
        }

        return null;
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Dropped {Count} waiting ids of queue {Queue} whose task is gone")]
    private static partial void LogGhosts(ILogger logger, long count, string queue);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Redis refuses to give tasks of queue {Queue}; trying on without a word")]
    private static partial void LogRefused(ILogger logger, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Taking tasks failed; going on after a pause")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
