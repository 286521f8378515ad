using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Decides what becomes of a task (docs/wire.md, "Result handling").</summary>
internal sealed partial class Outcomes(
    QueueServerOptions options, PatternMap<Func<RetryDelayArguments, TimeSpan>> retryDelays, QueueMetrics metrics,
    TimeProvider time, ILogger<Outcomes> logger)
{
    // Types come from producers: a mistake of a producer must not fill the memory of the worker.
    private const int MaxReportedTypes = 1_000;

    private static readonly TimeSpan FirstUnknownTypeDelay = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, bool> reportedTypes = new(StringComparer.Ordinal);

    private readonly PatternMap<string> dropped = new(
        options.DropFailed.Distinct().Select(pattern => KeyValuePair.Create(pattern, pattern)));

    /// <summary>The outcome of a task that succeeded: completed when the task has a retention, else deleted.</summary>
    public FinishedTask Succeed(TaskLease lease, TaskMessage message)
    {
        if (message.Retention <= 0)
        {
            return Delete(lease, message);
        }

        var now = WireTime.ToSeconds(time.GetUtcNow());
        message.CompletedAt = now;

        return new FinishedTask(
            lease, TaskOutcome.Completed, message.ToByteArray(), now + message.Retention, LockOf(message));
    }

    /// <summary>The outcome of a task that failed: retried, archived, dropped or revoked.</summary>
    /// <param name="lease">The lease of the task.</param>
    /// <param name="message">The message of the task; changed to hold the failure.</param>
    /// <param name="exception">The failure.</param>
    /// <param name="text">The error text to store; by default the text of the exception.</param>
    /// <param name="asksApplication">Whether to call the functions of the application; <see langword="false"/> when
    /// one of them did not return.</param>
    public FinishedTask Fail(
        TaskLease lease, TaskMessage message, Exception exception, string? text = null, bool asksApplication = true)
    {
        if (HasInner<RevokeTaskException>(exception))
        {
            return Delete(lease, message);
        }

        if (dropped.TryFind(message.Type, out _))
        {
            return Drop(lease, message, exception, asksApplication);
        }

        var now = time.GetUtcNow();
        message.ErrorMsg = text is null ? ErrorText.Of(exception) : ErrorText.Storable(text);
        message.LastFailedAt = WireTime.ToSeconds(now);
        var isFull = HasInner(exception, RedisFaults.IsFull);
        if ((message.Retried >= message.Retry && !isFull) || HasInner<SkipRetryException>(exception))
        {
            return new FinishedTask(
                lease, TaskOutcome.Archived, message.ToByteArray(), WireTime.ToSeconds(now));
        }

        var delay = Delay(message, exception, asksApplication);

        // The handler wanted to store something: no fault of the task, which runs again when there may be room.
        var isFailure = !isFull && (!asksApplication || IsFailure(message, exception));
        message.Retried += isFailure ? 1 : 0;

        return new FinishedTask(
            lease,
            isFailure ? TaskOutcome.Retry : TaskOutcome.RetryUncounted,
            message.ToByteArray(),
            WireTime.ToDueSeconds(WireTime.Later(now, delay)));
    }

    /// <summary>Whether the handler asked for the task to end, in the archive or deleted.</summary>
    public static bool IsFinal(Exception exception) =>
        HasInner<SkipRetryException>(exception) || HasInner<RevokeTaskException>(exception);

    /// <summary>The outcome of a task that the worker gives back because it stops: the task goes to the front of its
    /// queue, as if it had not run.</summary>
    public static FinishedTask Requeue(TaskLease lease) => new(lease, TaskOutcome.Requeued);

    /// <summary>The outcome of a task above a limit: the task waits until it is due, as if it had not been
    /// taken.</summary>
    public static FinishedTask Defer(TaskLease lease, long due) => new(lease, TaskOutcome.RetryUncounted, Score: due);

    /// <summary>The outcome of a task that no handler of this worker knows: the task waits and uses no retry. The
    /// pause doubles each time; the task itself holds the last one, so that all workers together double it.</summary>
    public FinishedTask DeferUnknown(TaskLease lease, TaskMessage message, HandlerNotFoundException exception)
    {
        ReportUnknown(lease, exception);
        var now = time.GetUtcNow();
        var text = ErrorText.Of(exception);
        var pause = message.ErrorMsg == text && WireTime.FromSeconds(message.LastFailedAt) is { } last && last < now
            ? 2 * (now - last)
            : FirstUnknownTypeDelay;
        pause = pause < FirstUnknownTypeDelay ? FirstUnknownTypeDelay : pause;
        pause = pause > options.UnknownTypeMaxDelay ? options.UnknownTypeMaxDelay : pause;
        message.ErrorMsg = text;
        message.LastFailedAt = WireTime.ToSeconds(now);

        return new FinishedTask(
            lease, TaskOutcome.RetryUncounted, message.ToByteArray(), WireTime.ToDueSeconds(now + pause));
    }

    /// <summary>The outcome of a task whose message cannot be read: the task goes to the archive unchanged, where it
    /// blocks no other task and a person can look at it.</summary>
    public FinishedTask Quarantine(TaskLease lease)
    {
        metrics.Quarantined(lease.Queue, 1);
        LogQuarantined(logger, lease.TaskId, lease.Queue);

        return new FinishedTask(lease, TaskOutcome.Archived, Score: WireTime.ToSeconds(time.GetUtcNow()));
    }

    /// <summary>The outcome of a task whose workers died too often: it is archived with a text that says so.</summary>
    public FinishedTask SetAside(TaskLease lease, CrashedTask task)
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        if (task.Message is not { } message)
        {
            return new FinishedTask(lease, TaskOutcome.Archived, Score: now);
        }

        message.ErrorMsg = $"mirai: {task.Deaths} workers died while they ran this task (CrashLimit)";
        message.LastFailedAt = now;

        return new FinishedTask(lease, TaskOutcome.Archived, message.ToByteArray(), now);
    }

    // Success, revocation and dropping release the uniqueness lock; a retry and the archive keep it.
    private static FinishedTask Delete(TaskLease lease, TaskMessage message) =>
        new(lease, TaskOutcome.Done, ReleasedLock: LockOf(message));

    private FinishedTask Drop(TaskLease lease, TaskMessage message, Exception exception, bool asksApplication) =>
        !asksApplication || IsFailure(message, exception)
            ? new FinishedTask(lease, TaskOutcome.Dropped, ReleasedLock: LockOf(message))
            : Delete(lease, message);

    private static string? LockOf(TaskMessage message) => message.UniqueKey.Length == 0 ? null : message.UniqueKey;

    // The functions of the application may throw; the outcome must not depend on it.
    private TimeSpan Delay(TaskMessage message, Exception exception, bool asksApplication)
    {
        var arguments = new RetryDelayArguments(message.Retried, exception, message.Type, message.Retry);
        if (!asksApplication)
        {
            return RetryDelay.Default(arguments);
        }

        try
        {
            var function = retryDelays.TryFind(message.Type, out var own) ? own : options.RetryDelay;
            var delay = function(arguments);
            return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
        }
        catch (Exception fault)
        {
            LogFunctionFailed(logger, nameof(QueueServerOptions.RetryDelay), message.Id, message.Type, fault);
            return RetryDelay.Default(arguments);
        }
    }

    private bool IsFailure(TaskMessage message, Exception exception)
    {
        try
        {
            return options.IsFailure(exception);
        }
        catch (Exception fault)
        {
            LogFunctionFailed(logger, nameof(QueueServerOptions.IsFailure), message.Id, message.Type, fault);
            return true;
        }
    }

    // One log line per type: the tasks come again and again.
    private void ReportUnknown(TaskLease lease, HandlerNotFoundException exception)
    {
        metrics.UnknownType(lease.Queue, exception.TaskType);
        if (reportedTypes.Count < MaxReportedTypes && reportedTypes.TryAdd(exception.TaskType, true))
        {
            LogUnknown(logger, exception.TaskType, lease.TaskId, lease.Queue);
        }
    }

    private static bool HasInner<TException>(Exception exception)
        where TException : Exception => HasInner(exception, inner => inner is TException);

    private static bool HasInner(Exception exception, Predicate<Exception> isMeant) => isMeant(exception)
        || (exception is AggregateException many
            ? many.InnerExceptions.Any(inner => HasInner(inner, isMeant))
            : exception.InnerException is { } cause && HasInner(cause, isMeant));

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The function {Function} of the application failed for task {TaskId} ({TaskType}); Mirai uses " +
            "the default of this setting")]
    private static partial void LogFunctionFailed(
        ILogger logger, string function, string taskId, string taskType, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "This worker has no handler for tasks of type {TaskType}, such as {TaskId} of queue {Queue}: they " +
            "are deferred without using a retry, each time for longer. Register a handler, or let another worker " +
            "serve the queue; the next tasks of this type are counted but not logged")]
    private static partial void LogUnknown(ILogger logger, string taskType, string taskId, string queue);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The message of task {TaskId} of queue {Queue} cannot be read; the task is quarantined in the " +
            "archive, unchanged. Inspect the task there, then delete it")]
    private static partial void LogQuarantined(ILogger logger, string taskId, string queue);
}
