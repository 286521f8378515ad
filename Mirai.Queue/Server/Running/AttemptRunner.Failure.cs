using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Running;

internal sealed partial class AttemptRunner
{
    /// <returns><see langword="null"/> when the task belongs to another worker and nothing may be written.</returns>
    private async ValueTask<FinishedTask?> FailAsync(Attempt attempt, Exception error)
    {
        if (IsNoFailure(attempt, error))
        {
            return Judge(attempt, error, asksApplication: false);
        }

        var cause = CauseOf(attempt, error);
        QueueTracing.Fail(attempt.Activity, cause);
        await ReportAsync(attempt, cause).ConfigureAwait(false);

        return Judge(attempt, error, asksApplication: true);
    }

    // The worker stops, or does not know the type: the application need not hear of that.
    private bool IsNoFailure(Attempt attempt, Exception error) =>
        (attempt.CancelReason == CancelReason.Shutdown && !Outcomes.IsFinal(error)) || IsDeferred(attempt, error);

    private bool IsDeferred(Attempt attempt, Exception error) =>
        attempt.CancelReason == CancelReason.None && error is HandlerNotFoundException
        && options.UnknownTypes == UnknownTypeAction.Defer;

    /// <returns><see langword="null"/> when the task belongs to another worker.</returns>
    private FinishedTask? Judge(Attempt attempt, Exception error, bool asksApplication)
    {
        if (IsDeferred(attempt, error))
        {
            QueueTracing.Fail(attempt.Activity, error);
            return outcomes.DeferUnknown(attempt, attempt.Message, (HandlerNotFoundException)error);
        }

        if (IsNoFailure(attempt, error))
        {
            return Outcomes.Requeue(attempt);
        }

        var cause = CauseOf(attempt, error);
        return attempt.CancelReason == CancelReason.LeaseLost
            ? null
            : outcomes.Fail(
                attempt, attempt.Message, cause, ErrorText.Of(attempt.CancelReason, cause), asksApplication);
    }

    private static Exception CauseOf(Attempt attempt, Exception error) =>
        attempt.CancelReason == CancelReason.LeaseLost ? new TaskLeaseExpiredException() : error;

    private async ValueTask ReportAsync(Attempt attempt, Exception error)
    {
        LogFailed(
            logger, attempt.TaskId, attempt.Message.Type, attempt.Queue, attempt.Message.Retried,
            attempt.Message.Retry, error);
        if (options.ErrorHandler is not { } handler)
        {
            return;
        }

        try
        {
            await handler(attempt.Context, error, interrupting.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            LogErrorHandlerFailed(logger, attempt.TaskId, attempt.Message.Type, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Task {TaskId} ({TaskType}) of queue {Queue} failed; {Retried} of its {MaxRetry} retries were " +
            "used before")]
    private static partial void LogFailed(
        ILogger logger, string taskId, string taskType, string queue, int retried, int maxRetry, Exception exception);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The error handler failed for task {TaskId} ({TaskType}); the failure of the task is stored " +
            "nevertheless")]
    private static partial void LogErrorHandlerFailed(
        ILogger logger, string taskId, string taskType, Exception exception);
}
