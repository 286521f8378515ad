using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>One run of one task: message, lease and context, and the ways to stop the run.</summary>
internal sealed class Attempt : RunningLease, ITaskAttempt
{
    private readonly AttemptRunner runner;
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock gate = new();
    private AsyncServiceScope? scope;
    private AttemptStep step;
    private DateTimeOffset limit;
    private int turn;

    public Attempt(
        AttemptRunner runner, string queue, TaskMessage message, LeaseStamp take, DateTimeOffset startedAt,
        object? member = null)
        : base(queue, message, take, startedAt, DeadlineTimer.DeadlineOf(message, startedAt), member)
    {
        this.runner = runner;
        limit = Deadline;
        Context = new TaskContext
        {
            TaskId = message.Id,
            Type = message.Type,
            Queue = queue,
            Payload = message.Payload.Memory,
            Retried = message.Retried,
            MaxRetry = message.Retry,
            Headers = TaskMessageConverter.Headers(message),
            Deadline = Deadline,
            CancellationToken = cancellation.Token,
            Attempt = this,
        };
    }

    public TaskContext Context { get; }

    /// <summary>The index of its slot in <see cref="RunningTasks"/>.</summary>
    public int Slot { get; set; }

    /// <summary>Why the attempt was cancelled; the first reason stays.</summary>
    public CancelReason CancelReason { get; private set; }

    public IServiceProvider Services
    {
        get
        {
            lock (gate)
            {
                return (scope ??= runner.Scopes.CreateAsyncScope()).ServiceProvider;
            }
        }
    }

    /// <summary>Whether the attempt went on without its handler.</summary>
    public bool IsAbandoned => Volatile.Read(ref turn) != 0;

    /// <summary>Whether <see cref="Services"/> was used.</summary>
    public bool HasScope => scope is not null;

    /// <summary>The span of the attempt, if anybody listens.</summary>
    public Activity? Activity { get; set; }

    /// <summary>How the handler failed; <see langword="null"/> while it runs and when it succeeded.</summary>
    public Exception? Error { get; private set; }

    public override void OnLost() => Cancel(CancelReason.LeaseLost);

    /// <summary>Cancels the handler, and gives it the grace period to end.</summary>
    public void Cancel(CancelReason reason)
    {
        var end = runner.Time.GetUtcNow() + runner.CancellationGrace;
        bool isFirst;
        lock (gate)
        {
            // A handler that has ended keeps its outcome through a stop of the server.
            isFirst = CancelReason == CancelReason.None
                && (step == AttemptStep.Handling || reason != CancelReason.Shutdown);
            CancelReason = isFirst ? reason : CancelReason;
            if (step == AttemptStep.Settled || (!isFirst && reason != CancelReason.Shutdown))
            {
                return;
            }

            limit = (isFirst && step == AttemptStep.Handling) || end < limit ? end : limit;
        }

        runner.Deadlines.Watch(end);
        if (isFirst)
        {
            // Callbacks that the handler registered run on another thread: this may be the thread of the heartbeat.
            _ = cancellation.CancelAsync();
        }
    }

    /// <summary>Begins a step, unless the attempt goes on without the caller.</summary>
    /// <param name="next">The step.</param>
    /// <param name="ownTurn">0 for whoever runs the handler, or what <see cref="CheckLimit"/> gave.</param>
    /// <param name="end">When the step has taken too long.</param>
    /// <param name="error">How the handler failed.</param>
    /// <returns><see langword="false"/> when an earlier step took too long: the caller must change nothing.</returns>
    public bool TryEnter(AttemptStep next, int ownTurn, DateTimeOffset end, Exception? error)
    {
        lock (gate)
        {
            if (ownTurn != turn || step == AttemptStep.Settled)
            {
                return false;
            }

            (step, limit, Error) = (next, end, error);
            return true;
        }
    }

    /// <summary>Cancels the handler at the deadline. Goes on without a step that has taken too long: code of the
    /// application may never return.</summary>
    /// <returns>When to look again.</returns>
    public DateTimeOffset CheckLimit(DateTimeOffset now)
    {
        AttemptStep overdue;
        int next;
        var nextLimit = runner.StepLimit(now);
        lock (gate)
        {
            if (now < limit)
            {
                return limit;
            }

            (overdue, next) = (step, turn);
            if (step != AttemptStep.Handling || CancelReason != CancelReason.None)
            {
                next = ++turn;
                Error = step == AttemptStep.Handling ? AttemptRunner.NotAnswered() : Error;
                limit = step == AttemptStep.Deciding ? DateTimeOffset.MaxValue : nextLimit;
                step = AttemptStep.Deciding;
            }
        }

        if (next == 0)
        {
            Cancel(CancelReason.Deadline);
            return DateTimeOffset.MaxValue; // the cancellation has set the timer
        }

        runner.GoOnWithout(this, overdue, next);
        return nextLimit;
    }

    public async Task WriteResultAsync(ReadOnlyMemory<byte> result, CancellationToken cancellationToken)
    {
        if (!await runner.Store.WriteResultAsync(this, result).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            Cancel(CancelReason.LeaseLost);
            throw new OperationCanceledException(
                "The result was not stored: the task belongs to another worker.", Context.CancellationToken);
        }
    }

    /// <summary>Closes the scope, if it was opened.</summary>
    public async ValueTask CloseScopeAsync()
    {
        if (scope is { } opened)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>What an attempt does. Each step but the last may run code of the application.</summary>
internal enum AttemptStep
{
    /// <summary>Its middleware and its handler run.</summary>
    Handling,

    /// <summary>Its scope is disposed of.</summary>
    Closing,

    /// <summary>The application hears of the failure and says when to retry.</summary>
    Deciding,

    /// <summary>The outcome is on its way to Redis, and the slot is free.</summary>
    Settled,
}

/// <summary>Why an attempt was cancelled.</summary>
internal enum CancelReason
{
    /// <summary>The attempt was not cancelled.</summary>
    None,

    /// <summary>The timeout or deadline of the task has passed.</summary>
    Deadline,

    /// <summary>The task was cancelled through an inspector.</summary>
    Canceled,

    /// <summary>The lease belongs to another worker, and so does the task.</summary>
    LeaseLost,

    /// <summary>The server stops, and its shutdown timeout is over.</summary>
    Shutdown,
}
