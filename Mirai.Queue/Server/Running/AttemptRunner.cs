using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Runs attempts: handler, outcome, write-back.</summary>
internal sealed partial class AttemptRunner(
    TaskRouter router, AttemptPolicy policy, RunningTasks running, Syncer syncer, QueueServerOptions options,
    QueueMetrics metrics, TimeProvider time, ILogger<AttemptRunner> logger)
{
    private readonly UnknownTypes unknownTypes = new(policy, metrics, logger);

    /// <summary>Runs an attempt that is in its slot. Never throws.</summary>
    public async Task RunAsync(TaskAttempt attempt)
    {
        metrics.Started(attempt.Queue);
        var activity = QueueTracing.StartProcess(attempt.Context);
        try
        {
            var error = await RunHandlerAsync(attempt).ConfigureAwait(false);
            var finished = error is null
                ? policy.Succeed(attempt, attempt.Message)
                : await FailAsync(attempt, error, activity).ConfigureAwait(false);
            Record(attempt, finished, error);
            if (finished is not null)
            {
                syncer.Submit(finished);
            }
        }
        catch (Exception bug)
        {
            // Nothing above is meant to throw. The task stays active, and a recoverer takes it back when its lease is
            // over.
            LogLost(logger, attempt.TaskId, bug);
        }
        finally
        {
            // After the submission: whoever looks for the lease finds it here or there.
            running.Remove(attempt);
            activity?.Dispose();
            metrics.Ended(attempt.Queue);
        }
    }

    private async ValueTask<Exception?> RunHandlerAsync(TaskAttempt attempt)
    {
        var handler = Start(attempt);
        if (!handler.IsCompleted && !await WaitAsync(attempt, handler).ConfigureAwait(false))
        {
            metrics.Abandoned(attempt.Queue);
            LogAbandoned(logger, attempt.TaskId, attempt.Message.Type, attempt.CancelReason);
            _ = CloseAfterAsync(handler, attempt).AsTask();

            return new OperationCanceledException("The handler did not answer its cancellation.");
        }

        await CloseAfterAsync(handler, attempt).ConfigureAwait(false);
        return await ErrorOfAsync(handler).ConfigureAwait(false);
    }

    private Task Start(TaskAttempt attempt)
    {
        if (attempt.Deadline <= attempt.StartedAt)
        {
            attempt.Cancel(CancelReason.Deadline);
            return Task.FromCanceled(new CancellationToken(canceled: true));
        }

        try
        {
            return router.Find(attempt.Message.Type)(attempt.Context);
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private static async Task<bool> WaitAsync(TaskAttempt attempt, Task handler)
    {
        try
        {
            return await attempt.WaitAsync(handler).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return true; // the caller awaits the handler once more and takes what it threw
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

    // An abandoned handler may still use its services. What fails here does not undo what the handler has done.
    private async ValueTask CloseAfterAsync(Task handler, TaskAttempt attempt)
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
            LogScope(logger, attempt.TaskId, exception);
        }
    }

    /// <returns><see langword="null"/> when the task is somebody else's and there is nothing to write.</returns>
    private async ValueTask<FinishedTask?> FailAsync(TaskAttempt attempt, Exception error, Activity? activity)
    {
        if (attempt.CancelReason == CancelReason.Shutdown && !AttemptPolicy.IsFinal(error))
        {
            return AttemptPolicy.Requeue(attempt);
        }

        if (attempt.CancelReason == CancelReason.None && error is HandlerNotFoundException unknown
            && options.UnknownTypes == UnknownTypeAction.PutBack)
        {
            QueueTracing.Fail(activity, error);
            return unknownTypes.PutBack(attempt, unknown);
        }

        var cause = attempt.CancelReason is CancelReason.LeaseExpired or CancelReason.LeaseLost
            ? new TaskLeaseExpiredException()
            : error;
        QueueTracing.Fail(activity, cause);
        await ReportAsync(attempt, cause).ConfigureAwait(false);

        return attempt.CancelReason == CancelReason.LeaseLost
            ? null
            : policy.Fail(attempt, attempt.Message, cause, TextOf(attempt.CancelReason, cause));
    }

    // Asynq's words, which people and their alerts look for; a handler that asked to skip or revoke has the last word.
    private static string? TextOf(CancelReason reason, Exception error) => reason switch
    {
        CancelReason.Deadline when !AttemptPolicy.IsFinal(error) => GoText.DeadlineExceeded,
        CancelReason.Canceled when !AttemptPolicy.IsFinal(error) => GoText.Canceled,
        _ => null,
    };

    private async ValueTask ReportAsync(TaskAttempt attempt, Exception error)
    {
        LogFailed(logger, attempt.TaskId, attempt.Message.Type, attempt.Queue, attempt.Message.Retried, error);
        if (options.ErrorHandler is not { } handler)
        {
            return;
        }

        try
        {
            await handler(attempt.Context, error).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            LogErrorHandler(logger, attempt.TaskId, fault);
        }
    }

    private void Record(TaskAttempt attempt, FinishedTask? finished, Exception? error) => metrics.Processed(
        attempt.Queue,
        attempt.Message.Type,
        finished?.Outcome.ToString() ?? nameof(CancelReason.LeaseLost),
        time.GetUtcNow() - attempt.StartedAt,
        error?.GetType().FullName);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Task {TaskId} ({TaskType}) of queue {Queue} failed after {Retried} retries")]
    private static partial void LogFailed(
        ILogger logger, string taskId, string taskType, string queue, int retried, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The error handler failed for task {TaskId}")]
    private static partial void LogErrorHandler(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The handler of task {TaskId} ({TaskType}) runs on after its cancellation ({Reason}); its slot is " +
            "given away")]
    private static partial void LogAbandoned(ILogger logger, string taskId, string taskType, CancelReason reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Closing the services of task {TaskId} failed")]
    private static partial void LogScope(ILogger logger, string taskId, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The outcome of task {TaskId} could not be determined")]
    private static partial void LogLost(ILogger logger, string taskId, Exception exception);
}
