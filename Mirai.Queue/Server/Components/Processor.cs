using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Broker;
using Mirai.Queue.Protocol;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Components;

/// <summary>Takes tasks from the queues whenever slots are free, and starts them. All queues are asked in one round trip,
/// each for its share; what an empty queue leaves goes to the others in the next.</summary>
internal sealed partial class Processor(
    IBroker broker, QueueOrder order, RunningTasks running, Syncer syncer, LostTakes lostTakes, AttemptStarter starter,
    IdleWait idle, LeaseTimes times, RedisRetry retry, QueueMetrics metrics, TimeProvider time, ILogger<Processor> logger)
{
    // One script call stays around a millisecond of Redis' time, however many slots there are.
    private const int MostPerRound = 500;

    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private Task loop = Task.CompletedTask;

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Takes nothing more. Returns when no take is under way; what the last one took has been put back.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
    }

    /// <summary>Fills the free slots once.</summary>
    /// <returns>How many tasks were started, and whether every slot is taken.</returns>
    internal async Task<(int Started, bool IsFull)> FillAsync()
    {
        var slots = running.Free;
        var free = slots;
        order.OpenAll();
        while (free > 0 && order.AnyOpen && !stopping.IsCancellationRequested)
        {
            free -= await TakeRoundAsync(Math.Min(free, MostPerRound)).ConfigureAwait(false);
        }

        return (slots - free, free == 0);
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
                return;
            }
            catch (Exception bug)
            {
                // Nothing in a cycle is meant to throw; a server that takes no more tasks would be worse than a log line.
                LogFailed(logger, bug);
                await Task.Delay(times.Heartbeat, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task RunCycleAsync(CancellationToken token)
    {
        await running.WaitForFreeAsync(token).ConfigureAwait(false);
        await syncer.WaitForRoomAsync(token).ConfigureAwait(false);
        var (started, isFull) = (0, false);
        await retry.RunAsync(async _ => (started, isFull) = await FillAsync().ConfigureAwait(false), token)
            .ConfigureAwait(false);
        idle.Polled(started > 0);
        if (!isFull)
        {
            await idle.WaitAsync(token).ConfigureAwait(false);
        }
    }

    private async Task<int> TakeRoundAsync(int slots)
    {
        var leaseExpiry = WireTime.ToSeconds(time.GetUtcNow() + times.Duration);
        var asked = Ask(slots, leaseExpiry);
        var started = 0;
        Exception? away = null;
        foreach (var (queue, count, reply) in asked)
        {
            try
            {
                var taken = await reply.ConfigureAwait(false);
                refused.Remove(order.Queues[queue]);
                started += Accept(order.Queues[queue], taken, leaseExpiry);
                if (taken.Left == 0)
                {
                    order.Close(queue);
                }
            }
            catch (Exception exception)
            {
                order.Close(queue);
                away ??= Note(order.Queues[queue], leaseExpiry, count, exception);
            }
        }

        if (away is not null)
        {
            ExceptionDispatchInfo.Throw(away);
        }

        return started;
    }

    private List<(int Queue, int Count, Task<TakenTasks> Reply)> Ask(int slots, long leaseExpiry)
    {
        var shares = order.Share(slots);
        var asked = new List<(int, int, Task<TakenTasks>)>(shares.Length);
        for (var i = 0; i < shares.Length; i++)
        {
            if (order.IsOpen(i))
            {
                asked.Add((i, shares[i], broker.TakeAsync(order.Queues[i], shares[i], leaseExpiry, metrics.MeasuresPickUp)));
            }
        }

        return asked;
    }

    private int Accept(string queue, TakenTasks taken, long leaseExpiry)
    {
        if (taken.Ghosts > 0)
        {
            metrics.GhostsDropped(queue, taken.Ghosts);
            LogGhosts(logger, taken.Ghosts, queue);
        }

        if (taken.Tasks.Count == 0)
        {
            return 0;
        }

        metrics.Consumed(queue, taken.Tasks.Count);
        if (stopping.IsCancellationRequested)
        {
            PutBack(queue, taken.Tasks, leaseExpiry);
            return 0;
        }

        return starter.Start(queue, taken.Tasks, leaseExpiry);
    }

    // The last to be put back is the next to be taken: so the oldest goes last.
    private void PutBack(string queue, IReadOnlyList<TakenTask> tasks, long leaseExpiry)
    {
        for (var i = tasks.Count - 1; i >= 0; i--)
        {
            syncer.Submit(AttemptPolicy.Requeue(new TaskLease(queue, tasks[i].Id, leaseExpiry)));
        }
    }

    /// <returns>The exception if Redis is away: then the round is repeated later. A queue that Redis refuses for another
    /// reason must not keep the others waiting.</returns>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped {Count} waiting ids of queue {Queue} whose task is gone")]
    private static partial void LogGhosts(ILogger logger, long count, string queue);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis refuses to give tasks of queue {Queue}; trying on without a word")]
    private static partial void LogRefused(ILogger logger, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Taking tasks failed; going on after a pause")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
