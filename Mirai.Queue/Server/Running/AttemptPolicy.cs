using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Decides what becomes of a task after an attempt (docs/wire.md, "Result handling").</summary>
internal sealed partial class AttemptPolicy(
    QueueServerOptions options, PatternMap<RetryDelayFunc> retryDelays, TimeProvider time,
    ILogger<AttemptPolicy> logger)
{
    // Error texts are for people; a stack of nested messages must not fill Redis.
    private const int LongestError = 8 * 1024;

    private static readonly TimeSpan FirstUnknownTypeDelay = TimeSpan.FromSeconds(2);

    private readonly PatternMap<string> dropped = new(
        options.DropFailed.Distinct().Select(pattern => KeyValuePair.Create(pattern, pattern)));

    /// <summary>What to write back after success.</summary>
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

    /// <summary>What to write back after a failure.</summary>
    /// <param name="lease">The hold on the task.</param>
    /// <param name="message">The task's message; changed to tell of the failure.</param>
    /// <param name="exception">What went wrong.</param>
    /// <param name="text">What to store as the error; by default the exception's text.</param>
    public FinishedTask Fail(TaskLease lease, TaskMessage message, Exception exception, string? text = null)
    {
        if (HasInner<RevokeTaskException>(exception))
        {
            return Delete(lease, message);
        }

        if (dropped.TryFind(message.Type, out _))
        {
            return Drop(lease, message, exception);
        }

        var now = time.GetUtcNow();
        message.ErrorMsg = StoredText(text ?? TextOf(exception));
        message.LastFailedAt = WireTime.ToSeconds(now);
        if (message.Retried >= message.Retry || HasInner<SkipRetryException>(exception))
        {
            return new FinishedTask(
                lease, TaskOutcome.Archived, message.ToByteArray(), WireTime.ToSeconds(now));
        }

        var delay = Delay(message, exception);
        var isFailure = IsFailure(message, exception);
        message.Retried += isFailure ? 1 : 0;

        return new FinishedTask(
            lease,
            isFailure ? TaskOutcome.Retry : TaskOutcome.RetryUncounted,
            message.ToByteArray(),
            WireTime.ToSeconds(delay < DateTimeOffset.MaxValue - now ? now + delay : DateTimeOffset.MaxValue));
    }

    /// <summary>The handler asked for the task to end, with or without success.</summary>
    public static bool IsFinal(Exception exception) =>
        HasInner<SkipRetryException>(exception) || HasInner<RevokeTaskException>(exception);

    /// <summary>What to write back about a task that was interrupted by no fault of its own.</summary>
    public static FinishedTask Requeue(TaskLease lease) => new(lease, TaskOutcome.Requeued);

    /// <summary>What to write back about a task that was taken and must wait all the same: it runs when it is due, as
    /// if it had never been taken.</summary>
    public static FinishedTask PutOff(TaskLease lease, long due) =>
        new(lease, TaskOutcome.RetryUncounted, Score: due);

    /// <summary>What to write back about a task that no handler of this worker knows: no retry is used, and the pause
    /// doubles. The task itself tells how long the last one was, so that all workers together keep to it.</summary>
    public FinishedTask PutBack(TaskLease lease, TaskMessage message, HandlerNotFoundException exception)
    {
        var now = time.GetUtcNow();
        var text = StoredText(exception.Message);
        var pause = message.ErrorMsg == text && WireTime.FromSeconds(message.LastFailedAt) is { } last && last < now
            ? 2 * (now - last)
            : FirstUnknownTypeDelay;
        pause = pause < FirstUnknownTypeDelay ? FirstUnknownTypeDelay : pause;
        pause = pause > options.UnknownTypeMaxDelay ? options.UnknownTypeMaxDelay : pause;
        message.ErrorMsg = text;
        message.LastFailedAt = WireTime.ToSeconds(now);

        return new FinishedTask(
            lease, TaskOutcome.RetryUncounted, message.ToByteArray(), WireTime.ToSeconds(now + pause));
    }

    /// <summary>What to write back about a task whose message cannot be read: it goes to the archive as it is, where
    /// it stops nobody and can be looked at.</summary>
    public FinishedTask SetAside(TaskLease lease) =>
        new(lease, TaskOutcome.Archived, Score: WireTime.ToSeconds(time.GetUtcNow()));

    private FinishedTask Drop(TaskLease lease, TaskMessage message, Exception exception) =>
        IsFailure(message, exception)
            ? new FinishedTask(lease, TaskOutcome.Dropped, ReleasedLock: LockOf(message))
            : Delete(lease, message);

    // Success and revocation release the uniqueness lock; a retry or the archive keeps it.
    private static FinishedTask Delete(TaskLease lease, TaskMessage message) =>
        new(lease, TaskOutcome.Done, ReleasedLock: LockOf(message));

    private static string? LockOf(TaskMessage message) => message.UniqueKey.Length == 0 ? null : message.UniqueKey;

    // The application's functions must not end the server.
    private TimeSpan Delay(TaskMessage message, Exception exception)
    {
        try
        {
            var function = retryDelays.TryFind(message.Type, out var own) ? own : options.RetryDelay;
            var delay = function(message.Retried, exception, message.Type);
            return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
        }
        catch (Exception fault)
        {
            LogFault(logger, nameof(QueueServerOptions.RetryDelay), message.Id, fault);
            return RetryDelay.Default(message.Retried, exception, message.Type);
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
            LogFault(logger, nameof(QueueServerOptions.IsFailure), message.Id, fault);
            return true;
        }
    }

    private static bool HasInner<TException>(Exception exception)
        where TException : Exception => exception switch
        {
            TException => true,
            AggregateException many => many.InnerExceptions.Any(HasInner<TException>),
            { InnerException: { } inner } => HasInner<TException>(inner),
            _ => false,
        };

    private static string TextOf(Exception exception) =>
        exception.Message.Length > 0 ? exception.Message : exception.GetType().Name;

    private static string StoredText(string text) => Shorten(TaskMessageConverter.Sanitize(text));

    private static string Shorten(string text)
    {
        if (text.Length <= LongestError)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[LongestError - 1]) ? LongestError - 1 : LongestError;
        return text[..end] + "…";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed for task {TaskId}; the default applies")]
    private static partial void LogFault(ILogger logger, string function, string taskId, Exception exception);
}
