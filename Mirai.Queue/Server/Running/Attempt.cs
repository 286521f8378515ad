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
    private CancellationTokenSource? abandonment;

    public Attempt(
        AttemptRunner runner, string queue, TaskMessage message, LeaseStamp take, DateTimeOffset startedAt,
        object? member = null)
        : base(queue, message, take, startedAt, DeadlineTimer.DeadlineOf(message, startedAt), member)
    {
        this.runner = runner;
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

    /// <summary>Whether <see cref="Services"/> was used.</summary>
    public bool HasScope => scope is not null;

    public override void OnLost() => Cancel(CancelReason.LeaseLost);

    /// <summary>Cancels the handler, and gives it the grace period to end.</summary>
    public void Cancel(CancelReason reason)
    {
        lock (gate)
        {
            if (CancelReason != CancelReason.None)
            {
                return;
            }

            CancelReason = reason;
            abandonment?.CancelAfter(runner.CancellationGrace);
        }

        // Callbacks that the handler registered run on another thread: this may be the thread of the heartbeat.
        _ = cancellation.CancelAsync();
    }

    /// <summary>Waits for the handler. A handler that ignores its cancellation is abandoned after the grace
    /// period.</summary>
    /// <returns><see langword="false"/> when the handler was abandoned.</returns>
    public async Task<bool> WaitAsync(Task handler)
    {
        using var abandon = ArmAbandonment();
        try
        {
            await handler.WaitAsync(abandon.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!handler.IsCompleted)
        {
            return false;
        }
        finally
        {
            lock (gate)
            {
                abandonment = null;
            }
        }
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

    private CancellationTokenSource ArmAbandonment()
    {
        var abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, runner.Time);
        lock (gate)
        {
            if (CancelReason != CancelReason.None)
            {
                abandon.CancelAfter(runner.CancellationGrace);
            }

            return abandonment = abandon;
        }
    }
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
