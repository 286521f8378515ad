using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Runs attempts: puts a taken task in a slot, runs its handler, and submits the outcome.</summary>
internal sealed partial class AttemptRunner(
    TaskRouter router, Outcomes outcomes, RunningTasks running, Syncer syncer, IQueueStore store,
    IServiceScopeFactory scopes, QueueServerOptions options, QueueMetrics metrics, TimeProvider time,
    ILogger<AttemptRunner> logger) : IDisposable
{
    private readonly DeadlineTimer deadlines = new(running, time);
    private readonly CancellationTokenSource interrupting = new();

    internal IQueueStore Store => store;

    internal IServiceScopeFactory Scopes => scopes;

    internal TimeProvider Time => time;

    internal TimeSpan CancellationGrace => options.CancellationGrace;

    /// <summary>Starts an attempt; there must be a free slot.</summary>
    /// <param name="queue">The queue of the task.</param>
    /// <param name="task">The task; its message could be read.</param>
    /// <param name="leaseExpiry">The expiry that the take wrote, in Unix seconds.</param>
    /// <param name="now">The time of the take.</param>
    /// <param name="queueLimit">A limit that the attempt has entered.</param>
    /// <param name="typeLimit">Another limit that the attempt has entered.</param>
    public void Start(
        string queue, in TakenTask task, long leaseExpiry, DateTimeOffset now, ConcurrencyLimit? queueLimit,
        ConcurrencyLimit? typeLimit)
    {
        if (metrics.MeasuresPickUp && task.PendingSince > 0)
        {
            metrics.PickedUp(queue, now - WireTime.FromUnixNanoseconds(task.PendingSince));
        }

        var attempt = new Attempt(this, queue, task.Message!, leaseExpiry, now, task.Member);
        running.Add(attempt, queueLimit, typeLimit);
        deadlines.Watch(attempt);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Runner.RunAsync(state.Attempt), (Runner: this, Attempt: attempt),
            preferLocal: false);
    }

    /// <summary>Runs an attempt that is in its slot. Never throws.</summary>
    public async Task RunAsync(Attempt attempt)
    {
        metrics.Started(attempt.Queue);
        var activity = QueueTracing.StartProcess(attempt.Context);
        try
        {
            var error = await RunHandlerAsync(attempt).ConfigureAwait(false);
            var finished = error is null
                ? outcomes.Succeed(attempt, attempt.Message)
                : await FailAsync(attempt, error, activity).ConfigureAwait(false);
            Record(attempt, finished, error);
            if (finished is not null)
            {
                syncer.Submit(finished);
            }
        }
        catch (Exception bug)
        {
            LogNoOutcome(logger, attempt.TaskId, attempt.Queue, bug);
        }
        finally
        {
            // After the submission: the heartbeat finds the lease here or there.
            running.Remove(attempt);
            activity?.Dispose();
            metrics.Ended(attempt.Queue);
        }
    }

    /// <summary>Cancels every attempt that runs, and the error handlers: the shutdown timeout is over.</summary>
    /// <returns>How many attempts were running.</returns>
    public int Interrupt()
    {
        var attempts = running.Snapshot();
        attempts.ForEach(attempt => attempt.Cancel(CancelReason.Shutdown));
        _ = interrupting.CancelAsync(); // callbacks of error handlers run on another thread

        return attempts.Count;
    }

    public void Dispose() => deadlines.Dispose();

    private async ValueTask<Exception?> RunHandlerAsync(Attempt attempt)
    {
        var handler = StartHandler(attempt);
        if (!handler.IsCompleted && !await WaitAsync(attempt, handler).ConfigureAwait(false))
        {
            metrics.Abandoned(attempt.Queue);
            LogAbandoned(logger, attempt.TaskId, attempt.Message.Type, attempt.Queue, attempt.CancelReason);
            _ = CloseAfterAsync(handler, attempt).AsTask();

            return new OperationCanceledException("The handler did not answer its cancellation.");
        }

        await CloseAfterAsync(handler, attempt).ConfigureAwait(false);
        return await ErrorOfAsync(handler).ConfigureAwait(false);
    }

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

    private static async Task<bool> WaitAsync(Attempt attempt, Task handler)
    {
        try
        {
            return await attempt.WaitAsync(handler).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return true; // the caller awaits the handler again and receives its exception
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

    // An abandoned handler may still use its services. A failure of the scope does not change the outcome.
    private async ValueTask CloseAfterAsync(Task handler, Attempt attempt)
    {
        await handler.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private void Record(Attempt attempt, FinishedTask? finished, Exception? error) => metrics.Processed(
        attempt.Queue,
        attempt.Message.Type,
        finished?.Outcome.ToString() ?? nameof(CancelReason.LeaseLost),
        time.GetUtcNow() - attempt.StartedAt,
        error?.GetType().FullName);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The handler of task {TaskId} ({TaskType}) of queue {Queue} was abandoned: it still runs after " +
            "its cancellation ({Reason}) and the grace period, and its slot goes to another task. Handlers should " +
            "pass their cancellation token on")]
    private static partial void LogAbandoned(
        ILogger logger, string taskId, string taskType, string queue, CancelReason reason);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A service of task {TaskId} ({TaskType}) failed while its scope was closed; the outcome of the " +
            "task stays as it is")]
    private static partial void LogScopeFailed(ILogger logger, string taskId, string taskType, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The outcome of task {TaskId} of queue {Queue} could not be determined, because of a bug in " +
            "Mirai; the task is recovered and runs again when its lease has run out")]
    private static partial void LogNoOutcome(ILogger logger, string taskId, string queue, Exception exception);
}
