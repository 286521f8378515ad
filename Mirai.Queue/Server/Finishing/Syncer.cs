using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Finishing;

/// <summary>Writes outcomes back: what finished while a write was under way goes together in the next, one script per
/// queue. Repeats until Redis answers. Meanwhile the heartbeat keeps the leases, so that nobody runs these tasks
/// again.</summary>
internal sealed partial class Syncer(
    IQueueStore store, RedisHealth health, Action<FinishedTask, bool> onWritten, int room, TimeProvider clock,
    ILogger<Syncer> logger)
{
    /// <summary>Most outcomes of one script call: some 2 ms of Redis' time.</summary>
    private const int MostTasks = 250;

    private readonly Lock gate = new();
    private readonly AsyncSignal submitted = new();
    private readonly AsyncSignal roomMade = new();
    private readonly CancellationTokenSource givingUp = new();
    private List<FinishedTask> waiting = [];
    private List<FinishedTask> writing = [];
    private volatile bool completing;
    private Task loop = Task.CompletedTask;

    /// <summary>Whether the loop goes on.</summary>
    public LoopPulse Pulse { get; } = new(clock);

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Hands an outcome over.</summary>
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

    /// <summary>Waits while so many outcomes are unwritten that taking more tasks would only add to them.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (Unwritten() >= room)
        {
            await roomMade.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what is left, for at most <paramref name="timeout"/>.</summary>
    public async Task StopAsync(TimeSpan timeout, TimeProvider time)
    {
        completing = true;
        submitted.Set();
        try
        {
            await loop.WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
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
            while (Gather() is { Count: > 0 } batch)
            {
                await Task.WhenAll(batch.GroupBy(task => task.Lease.Queue).Select(WriteQueueAsync))
                    .ConfigureAwait(false);
            }

            roomMade.Set();
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
        foreach (var batch in tasks.Chunk(MostTasks))
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

        // A repeated write may meet what the first one did although its reply got lost: then nothing is lost at all.
        var certainlyLost = attempts == 1 ? lost.ToHashSet() : [];
        for (var i = 0; i < tasks.Length; i++)
        {
            onWritten(tasks[i], certainlyLost.Contains(i));
        }
    }

    // Redis refuses something in the batch for good: the others must not suffer, and the task itself is left to a
    // recoverer, for its lease is not renewed any more.
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis refuses the outcome of task {TaskId} of queue {Queue}")]
    private static partial void LogRefused(ILogger logger, string taskId, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The outcomes of {Count} tasks could not be written before the server had to stop; they will run " +
            "again")]
    private static partial void LogUnwritten(ILogger logger, int count);
}
