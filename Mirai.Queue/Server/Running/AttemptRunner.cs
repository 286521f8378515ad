using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Runs attempts: puts a taken task in a slot, runs its handler, and submits the outcome. Code of the
/// application that never returns, even before its first await, costs its slot until the limit of its step; then
/// the attempt goes on without that code.</summary>
internal sealed partial class AttemptRunner(
    TaskRouter router, Outcomes outcomes, RunningTasks running, Syncer syncer, IQueueStore store,
    IServiceScopeFactory scopes, QueueServerOptions options, QueueMetrics metrics, TimeProvider time,
    ILogger<AttemptRunner> logger) : IDisposable
{
    private readonly CancellationTokenSource interrupting = new();
    private int abandoned;
    private long lastLimit = DateTimeOffset.MaxValue.UtcTicks;

    /// <summary>How many abandoned handlers still run: each may hold a thread.</summary>
    public int Abandoned => Volatile.Read(ref abandoned);

    internal DeadlineTimer Deadlines { get; } = new(running, time);

    internal IQueueStore Store => store;

    internal IServiceScopeFactory Scopes => scopes;

    internal TimeProvider Time => time;

    internal TimeSpan CancellationGrace => options.CancellationGrace;

    /// <summary>Starts an attempt; there must be a free slot.</summary>
    /// <param name="queue">The queue of the task.</param>
    /// <param name="task">The task; its message could be read.</param>
    /// <param name="lease">What the take wrote.</param>
    /// <param name="now">The time of the take.</param>
    /// <param name="queueLimit">A limit that the attempt has entered.</param>
    /// <param name="typeLimit">Another limit that the attempt has entered.</param>
    public void Start(
        string queue, in TakenTask task, LeaseStamp lease, DateTimeOffset now, ConcurrencyLimit? queueLimit,
        ConcurrencyLimit? typeLimit)
    {
        if (metrics.MeasuresPickUp && task.PendingSince > 0)
        {
            metrics.PickedUp(queue, now - WireTime.FromUnixNanoseconds(task.PendingSince));
        }

        var attempt = new Attempt(this, queue, task.Message!, lease, now, task.Member);
        running.Add(attempt, queueLimit, typeLimit);
        Deadlines.Watch(attempt.Deadline);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Runner.RunAsync(state.Attempt), (Runner: this, Attempt: attempt),
            preferLocal: false);
    }

    /// <summary>Runs an attempt that is in its slot. Never throws.</summary>
    public async Task RunAsync(Attempt attempt)
    {
        metrics.Started(attempt.Queue);
        if (attempt.IsAbandoned)
        {
            Interlocked.Decrement(ref abandoned); // no thread was free before the limit: nothing must run any more
            return;
        }

        attempt.Activity = QueueTracing.StartProcess(attempt.Context);
        var error = await ErrorOfAsync(StartHandler(attempt)).ConfigureAwait(false);
        var next = attempt.HasScope ? AttemptStep.Closing : AttemptStep.Deciding;
        var isDone = next == AttemptStep.Deciding && error is null; // no more code of the application
        var limit = isDone ? DateTimeOffset.MaxValue : StepLimit(time.GetUtcNow());
        if (!attempt.TryEnter(next, ownTurn: 0, limit, error))
        {
            await CloseScopeAsync(attempt).ConfigureAwait(false);
            Interlocked.Decrement(ref abandoned);
            return;
        }

        if (!isDone)
        {
            Deadlines.Watch(limit);
            await CloseScopeAsync(attempt).ConfigureAwait(false);
        }

        await SettleAsync(attempt, error, turn: 0).ConfigureAwait(false);
    }

    /// <summary>Cancels every attempt that runs, and the error handlers: the shutdown timeout is over.</summary>
    /// <returns>How many attempts were running.</returns>
    public int Interrupt()
    {
        var attempts = running.Snapshot();
        var end = time.GetUtcNow() + options.CancellationGrace;
        Volatile.Write(ref lastLimit, end.UtcTicks);
        attempts.ForEach(attempt => attempt.Cancel(CancelReason.Shutdown));
        _ = interrupting.CancelAsync(); // callbacks of error handlers run on another thread

        return attempts.Count;
    }

    public void Dispose() => Deadlines.Dispose();

    private Task StartHandler(Attempt attempt)
    {
        if (attempt.Deadline <= attempt.StartedAt)
        {
            // No later attempt could do better: archived, not retried until the retries are used up.
            return Task.FromException(new SkipRetryException(
                $"{GoText.DeadlineExceeded}: the deadline of the task, {attempt.Deadline:u}, passed while the task " +
                "waited. The task did not run"));
        }

        try
        {
            return router.Find(attempt.Message.Type)(attempt.Context)
                ?? throw new InvalidOperationException("The handler returned null instead of a task.");
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private static async ValueTask<Exception?> ErrorOfAsync(Task handler)
    {
        try
        {
            await handler.ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // An abandoned handler may still use its services, so whoever ran the handler closes them. A failure of the scope
    // does not change the outcome.
    private async ValueTask CloseScopeAsync(Attempt attempt)
    {
        if (!attempt.HasScope)
        {
            return;
        }

        try
        {
            await attempt.CloseScopeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogScopeFailed(logger, attempt.TaskId, attempt.Message.Type, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A service of task {TaskId} ({TaskType}) failed while its scope was closed; the outcome of the " +
            "task stays as it is")]
    private static partial void LogScopeFailed(ILogger logger, string taskId, string taskType, Exception exception);
}
