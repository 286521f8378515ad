using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Writes the outcomes of tasks to Redis. Outcomes that arrive during a write go together in the next write,
/// one script call per queue. A write is repeated until Redis answers; meanwhile the heartbeat renews the leases, so
/// that no other worker runs these tasks.</summary>
/// <param name="store">Redis.</param>
/// <param name="health">Whether Redis answers; repeats a pass while it does not.</param>
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

    private readonly Lock gate = new();
    private readonly AsyncSignal submitted = new();
    private readonly AsyncSignal roomFreed = new();
    private readonly CancellationTokenSource givingUp = new();
    private List<FinishedTask> waiting = [];
    private List<FinishedTask> writing = [];
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
            waiting.Add(task);
        }

        submitted.Set();
    }

    /// <summary>The leases of all tasks whose outcome Redis has not confirmed.</summary>
    public List<TaskLease> Leases()
    {
        lock (gate)
        {
            return [.. writing.Select(task => task.Lease), .. waiting.Select(task => task.Lease)];
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
        while (Gather() is { Count: > 0 } batch)
        {
            await Task.WhenAll(batch.GroupBy(task => task.Lease.Queue).Select(WriteQueueAsync)).ConfigureAwait(false);
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
            return waiting.Count + writing.Count;
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
        do
        {
            Pulse.Beat(Timeout.InfiniteTimeSpan);
            await submitted.WaitAsync(givingUp.Token).ConfigureAwait(false);
            await WriteWaitingAsync().ConfigureAwait(false);
        }
        while (!completing);
    }

    private List<FinishedTask> Gather()
    {
        lock (gate)
        {
            (writing, waiting) = (waiting, writing);
            waiting.Clear();
            return writing;
        }
    }

    private async Task WriteQueueAsync(IGrouping<string, FinishedTask> tasks)
    {
        foreach (var batch in tasks.Chunk(MaxTasksPerCall))
        {
            await WriteAsync(tasks.Key, batch).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(string queue, FinishedTask[] tasks)
    {
        var attempts = 0;
        IReadOnlyList<int> lost = [];
        try
        {
            await health.RetryAsync(
                async _ =>
                {
                    attempts++;
                    Pulse.Beat(TimeSpan.Zero);
                    lost = await store.FinishAsync(queue, tasks).ConfigureAwait(false);
                },
                givingUp.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!givingUp.IsCancellationRequested)
        {
            await WriteOneByOneAsync(queue, tasks, exception).ConfigureAwait(false);
            return;
        }

        // A refusal of a repeated write proves nothing: the first write may have run although its reply was lost.
        var certainlyLost = attempts == 1 ? lost.ToHashSet() : [];
        for (var i = 0; i < tasks.Length; i++)
        {
            onWritten(tasks[i], certainlyLost.Contains(i));
        }
    }

    // Redis refuses a part of the batch, and a repetition would not help. One by one, the other outcomes are written.
    // The lease of the refused task is renewed no longer, so a recoverer takes the task back.
    private async Task WriteOneByOneAsync(string queue, FinishedTask[] tasks, Exception exception)
    {
        if (tasks.Length == 1)
        {
            LogRefused(logger, tasks[0].Lease.TaskId, queue, exception);
            return;
        }

        foreach (var task in tasks)
        {
            await WriteAsync(queue, [task]).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis refuses the outcome of task {TaskId} of queue {Queue}; the task is recovered and runs " +
            "again when its lease has run out. Check the memory of Redis (maxmemory), the type of the queue's keys " +
            "and the permissions of the Redis user")]
    private static partial void LogRefused(ILogger logger, string taskId, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The server writes no outcomes any more, because of a bug in Mirai; {Count} outcomes are not " +
            "written, and their tasks run again when their leases have run out. Restart the process")]
    private static partial void LogEnded(ILogger logger, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The outcomes of {Count} tasks could not be written before the server had to stop; the tasks run " +
            "again when their leases have run out")]
    private static partial void LogUnwritten(ILogger logger, int count);
}
