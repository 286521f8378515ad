using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Writes the outcomes of tasks to Redis, each queue for itself: a queue whose shard is away holds up no
/// other. Outcomes that arrive during a write of their queue go together in its next write. A write is repeated until
/// Redis answers; meanwhile the heartbeat renews the leases, so that no other worker runs these tasks.</summary>
/// <param name="store">Redis.</param>
/// <param name="health">Whether Redis answers.</param>
/// <param name="onWritten">Called with every outcome that was written; <see langword="true"/> says that it was
/// refused, because the task belongs to another worker.</param>
/// <param name="room">How many outcomes may wait before <see cref="WaitForRoomAsync"/> waits.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Syncer(
    IQueueStore store, RedisHealth health, Action<FinishedTask, bool> onWritten, int room, TimeProvider clock,
    ILogger<Syncer> logger)
{
    // One script call takes Redis some 2 ms.
    private const int MaxTasksPerCall = 250;

    // A served pattern can bring any number of queues.
    private const int MostIdleQueues = 1_000;

    private readonly Lock gate = new();
    private readonly AsyncSignal submitted = new();
    private readonly AsyncSignal roomFreed = new();
    private readonly CancellationTokenSource givingUp = new();
    private readonly FaultLog faults = new(clock, logger);
    private readonly Dictionary<string, QueueWrites> queues = new(StringComparer.Ordinal);
    private readonly List<QueueWrites> ready = [];
    private int unwritten;
    private int busy;
    private volatile bool completing;
    private Task? running;
    private Task? stopped;

    /// <summary>Whether the loop is alive, for health checks.</summary>
    public LoopPulse Pulse { get; } = new(clock);

    /// <summary>Starts the loop. A second call has no effect, and neither has a call after the stop.</summary>
    public void Start()
    {
        lock (gate)
        {
            // Every write would belong to the trace of the caller if the execution context flowed into the loop.
            using (ExecutionContext.SuppressFlow())
            {
                running ??= completing ? Task.CompletedTask : Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Adds an outcome to the next write.</summary>
    public void Submit(FinishedTask task)
    {
        lock (gate)
        {
            unwritten++;
            if (!queues.TryGetValue(task.Lease.Queue, out var queue))
            {
                queues.Add(task.Lease.Queue, queue = new QueueWrites(task.Lease.Queue));
            }

            queue.Waiting.Add(task);
            if (queue.IsBusy)
            {
                return; // who writes for this queue looks again
            }

            queue.IsBusy = true;
            ready.Add(queue);
        }

        submitted.Set();
    }

    /// <summary>The leases of all tasks whose outcome Redis has not confirmed.</summary>
    public List<TaskLease> Leases()
    {
        lock (gate)
        {
            return
            [
                .. queues.Values.SelectMany(queue => queue.Writing.Concat(queue.Waiting)).Select(task => task.Lease),
            ];
        }
    }

    /// <summary>Waits while too many outcomes are unwritten: Redis gives tasks but does not accept
    /// outcomes.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (Unwritten() >= room)
        {
            await roomFreed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the remaining outcomes, for at most <paramref name="timeout"/>. A second call returns the task
    /// of the first.</summary>
    public Task StopAsync(TimeSpan timeout, TimeProvider time)
    {
        lock (gate)
        {
            return stopped ??= EndAsync(timeout, time);
        }
    }

    /// <summary>Writes the outcomes that wait, and those that arrive meanwhile. Not while the loop runs.</summary>
    internal async Task WriteWaitingAsync()
    {
        BeginWrites();
        while (ListWrites() is { Count: > 0 } writes)
        {
            await Task.WhenAll(writes).ConfigureAwait(false);
            BeginWrites();
        }

        roomFreed.Set();
    }

    private async Task EndAsync(TimeSpan timeout, TimeProvider time)
    {
        completing = true;
        submitted.Set();
        if (running is not { } loop)
        {
            return;
        }

        await loop.WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!loop.IsCompleted)
        {
            LogUnwritten(logger, Unwritten());
            await givingUp.CancelAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Unwritten()
    {
        lock (gate)
        {
            return unwritten;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await WriteUntilCompleteAsync().ConfigureAwait(false);
        }
        catch (Exception bug) when (!givingUp.IsCancellationRequested)
        {
            var count = Unwritten();
            LogEnded(logger, count, bug);
        }
        finally
        {
            Pulse.End(completing);
        }
    }

    private async Task WriteUntilCompleteAsync()
    {
        while (!completing)
        {
            await submitted.WaitAsync(givingUp.Token).ConfigureAwait(false);
            BeginWrites();
        }

        await WriteWaitingAsync().ConfigureAwait(false);
    }

    private void BeginWrites()
    {
        QueueWrites[] begun;
        lock (gate)
        {
            begun = [.. ready];
            ready.Clear();
            busy += begun.Length;
        }

        foreach (var queue in begun)
        {
            queue.Current = WriteQueueAsync(queue);
        }
    }

    private List<Task> ListWrites()
    {
        lock (gate)
        {
            return [.. queues.Values.Where(queue => queue.IsBusy).Select(queue => queue.Current)];
        }
    }

    private async Task WriteQueueAsync(QueueWrites queue)
    {
        while (HasWaiting(queue))
        {
            foreach (var batch in queue.Writing.Chunk(MaxTasksPerCall))
            {
                await WriteAsync(queue, batch).ConfigureAwait(false);
            }

            lock (gate)
            {
                unwritten -= queue.Writing.Count;
                queue.Writing.Clear();
            }

            roomFreed.Set();
        }
    }

    private bool HasWaiting(QueueWrites queue)
    {
        lock (gate)
        {
            if (queue.Waiting.Count > 0)
            {
                (queue.Writing, queue.Waiting) = (queue.Waiting, queue.Writing);
                return true;
            }

            queue.IsBusy = false;
            if (--busy == 0)
            {
                Pulse.Beat(Timeout.InfiniteTimeSpan);
            }

            if (queues.Count > MostIdleQueues)
            {
                queues.Remove(queue.Name);
            }

            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The server writes no outcomes any more, because of a bug in Mirai; {Count} outcomes are not " +
            "written, and their tasks run again when their leases have run out. Restart the process")]
    private static partial void LogEnded(ILogger logger, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The outcomes of {Count} tasks could not be written before the server had to stop; the tasks run " +
            "again when their leases have run out")]
    private static partial void LogUnwritten(ILogger logger, int count);

    /// <summary>The outcomes of one queue. At most one write of them is under way.</summary>
    private sealed class QueueWrites(string name)
    {
        public string Name => name;

        public List<FinishedTask> Waiting { get; set; } = [];

        public List<FinishedTask> Writing { get; set; } = [];

        /// <summary>Whether somebody writes, or is about to.</summary>
        public bool IsBusy { get; set; }

        public Task Current { get; set; } = Task.CompletedTask;

        /// <summary>How many refusals were not logged.</summary>
        public int Refusals { get; set; }

        public DateTimeOffset RefusalLogged { get; set; } = DateTimeOffset.MinValue;
    }
}
