using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Running;

/// <content>The end of an attempt: by whoever ran the handler, or without that one.</content>
internal sealed partial class AttemptRunner
{
    // What disposes of services or reports a failure may do I/O, and was not told to hurry.
    private static readonly TimeSpan ShortestStep = TimeSpan.FromSeconds(5);

    /// <summary>When a step that begins now has taken too long. Once the attempts were interrupted, all of them end
    /// within the grace period.</summary>
    internal DateTimeOffset StepLimit(DateTimeOffset now)
    {
        var grace = options.CancellationGrace > ShortestStep ? options.CancellationGrace : ShortestStep;
        var last = new DateTimeOffset(Volatile.Read(ref lastLimit), TimeSpan.Zero);

        return now + grace < last ? now + grace : last;
    }

    /// <summary>The failure of a handler that runs on after its cancellation.</summary>
    internal static OperationCanceledException NotAnswered() => new("The handler did not answer its cancellation.");

    /// <summary>Goes on with an attempt whose step has taken too long.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="overdue">The step.</param>
    /// <param name="turn">The right to change the attempt.</param>
    internal void GoOnWithout(Attempt attempt, AttemptStep overdue, int turn)
    {
        if (overdue == AttemptStep.Handling)
        {
            metrics.Abandoned(attempt.Queue);
            Interlocked.Increment(ref abandoned);
            LogAbandoned(logger, attempt.TaskId, attempt.Message.Type, attempt.Queue, attempt.CancelReason);
        }
        else
        {
            var part = overdue == AttemptStep.Closing
                ? "The disposal of its services" : "The error handler or the retry delay function";
            LogHung(logger, part, attempt.TaskId, attempt.Message.Type, attempt.Queue);
        }

        // Not here: this is the thread of the timer that all attempts share, and error handlers may block.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Runner.GoOn(state.Attempt, state.Overdue, state.Turn),
            (Runner: this, Attempt: attempt, Overdue: overdue, Turn: turn), preferLocal: false);
    }

    private void GoOn(Attempt attempt, AttemptStep overdue, int turn)
    {
        var error = attempt.Error;
        if (overdue != AttemptStep.Deciding || error is null)
        {
            _ = SettleAsync(attempt, error, turn).AsTask();
            return;
        }

        End(attempt, error, Judge(attempt, error, asksApplication: false), turn);
    }

    // Never throws.
    private async ValueTask SettleAsync(Attempt attempt, Exception? error, int turn)
    {
        FinishedTask? failed = null;
        if (error is not null)
        {
            var limit = StepLimit(time.GetUtcNow());
            if (!attempt.TryEnter(AttemptStep.Deciding, turn, limit, error))
            {
                return;
            }

            Deadlines.Watch(limit);
            try
            {
                failed = await FailAsync(attempt, error).ConfigureAwait(false);
            }
            catch (Exception bug)
            {
                LogNoOutcome(logger, attempt.TaskId, attempt.Queue, bug);
            }
        }

        End(attempt, error, failed, turn);
    }

    private void End(Attempt attempt, Exception? error, FinishedTask? failed, int turn)
    {
        if (!attempt.TryEnter(AttemptStep.Settled, turn, DateTimeOffset.MaxValue, error))
        {
            return; // what just returned took too long, and the attempt went on without it
        }

        try
        {
            var finished = error is null ? outcomes.Succeed(attempt, attempt.Message) : failed;
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
            try
            {
                attempt.Activity?.Dispose(); // listeners of the application hear of it
            }
            finally
            {
                // After the submission: the heartbeat finds the lease here or there.
                running.Remove(attempt);
                metrics.Ended(attempt.Queue);
            }
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
        Message = "{Part} did not end in time for task {TaskId} ({TaskType}) of queue {Queue}. Mirai goes on " +
            "without: the outcome of the task is written, and its slot goes to another task. Look for code that " +
            "blocks or waits for ever")]
    private static partial void LogHung(ILogger logger, string part, string taskId, string taskType, string queue);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The outcome of task {TaskId} of queue {Queue} could not be determined, because of a bug in " +
            "Mirai; the task is recovered and runs again when its lease has run out")]
    private static partial void LogNoOutcome(ILogger logger, string taskId, string queue, Exception exception);
}
