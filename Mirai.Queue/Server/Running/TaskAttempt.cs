using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>One run of one task: its message, its lease, its context, and the ways to stop it.</summary>
internal sealed class TaskAttempt : TaskLease, ITaskAttempt
{
    private readonly IQueueStore store;
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider time;
    private readonly TimeSpan grace;
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock gate = new();
    private AsyncServiceScope? scope;
    private CancellationTokenSource? abandonment;

    public TaskAttempt(
        string queue, TaskMessage message, long leaseExpiry, DateTimeOffset startedAt, AttemptServices services,
        object? member = null)
        : base(queue, message.Id, leaseExpiry, member)
    {
        (store, scopes, time, grace) = (services.Store, services.Scopes, services.Time, services.CancellationGrace);
        Message = message;
        StartedAt = startedAt;
        Deadline = AttemptDeadline.For(message, startedAt);
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

    public TaskMessage Message { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>When the attempt is cancelled for taking too long.</summary>
    public DateTimeOffset Deadline { get; }

    public TaskContext Context { get; }

    /// <summary>Its place in <see cref="RunningTasks"/>.</summary>
    public int Slot { get; set; }

    /// <summary>Why the attempt was told to stop; the first reason stays.</summary>
    public CancelReason CancelReason { get; private set; }

    public IServiceProvider Services
    {
        get
        {
            lock (gate)
            {
                return (scope ??= scopes.CreateAsyncScope()).ServiceProvider;
            }
        }
    }

    /// <summary>Whether <see cref="Services"/> was used.</summary>
    public bool HasScope => scope is not null;

    /// <summary>Tells the handler to stop, and from then on gives it the grace to do so.</summary>
    public void Cancel(CancelReason reason)
    {
        lock (gate)
        {
            if (CancelReason != CancelReason.None)
            {
                return;
            }

            CancelReason = reason;
            abandonment?.CancelAfter(grace);
        }

        // What handlers registered runs elsewhere: this may be the heartbeat's thread.
        _ = cancellation.CancelAsync();
    }

    /// <summary>Waits for the handler. One that ignores its cancellation is left alone after the grace.</summary>
    /// <returns><see langword="false"/> when it was left alone.</returns>
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
        if (!await store.WriteResultAsync(this, result).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            Cancel(CancelReason.LeaseLost);
            throw new OperationCanceledException(
                "The task belongs to another worker by now.", Context.CancellationToken);
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
        var abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        lock (gate)
        {
            if (CancelReason != CancelReason.None)
            {
                abandon.CancelAfter(grace);
            }

            return abandonment = abandon;
        }
    }
}
