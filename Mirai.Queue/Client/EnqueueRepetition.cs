using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Client;

/// <summary>Repeats a send whose reply is missing, until each of its tasks is settled: stored, refused, or unknown. One
/// instance belongs to one send, and remembers what its attempts may have done.</summary>
internal sealed class EnqueueRepetition
{
    // Clocks of producers and workers differ by less.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    private readonly IQueueStore store;
    private readonly Exception cause;
    private readonly TimeProvider time;

    // Not sent yet, as far as is known, or safe to send again.
    private readonly List<NewTask> unsent;

    // May have been stored by an attempt without a reply: whoever holds the id or the lock now must be looked at.
    private readonly List<NewTask> unverified = [];
    private bool mayBeStored;

    /// <summary>Begins with the tasks that the first attempt did not settle.</summary>
    /// <param name="store">Redis.</param>
    /// <param name="tasks">The tasks, all of one route.</param>
    /// <param name="cause">Why the first attempt has no reply.</param>
    /// <param name="time">The clock.</param>
    public EnqueueRepetition(IQueueStore store, IReadOnlyList<NewTask> tasks, Exception cause, TimeProvider time)
    {
        (this.store, this.cause, this.time) = (store, cause, time);
        unsent = [.. tasks.Where(task => task.Status == EnqueueStatus.Unknown)];
        mayBeStored = RedisFaults.MayHaveRun(cause);
    }

    /// <summary>One attempt.</summary>
    /// <returns><see langword="false"/> when Redis did not answer: the next attempt goes on where this one
    /// ended.</returns>
    public async Task<bool> TryAgainAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await FindStoredAsync(cancellationToken).ConfigureAwait(false);
            await SendAsync(cancellationToken).ConfigureAwait(false);
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            mayBeStored |= RedisFaults.MayHaveRun(exception);
            return false;
        }
    }

    // A task under an id that its caller chose must not run twice. It is sent again only while it cannot have ended:
    // otherwise "no such id" can also mean that it was stored, ran and was deleted.
    private async Task FindStoredAsync(CancellationToken cancellationToken)
    {
        for (var i = unsent.Count - 1; mayBeStored && i >= 0; i--)
        {
            var task = unsent[i];
            if (!task.HasOwnId || task.LeavesTrace || task.ProcessAt > time.GetUtcNow() + ClockMargin)
            {
                continue;
            }

            if (await IsStoredAsync(task, cancellationToken).ConfigureAwait(false))
            {
                task.Settle(EnqueueStatus.Enqueued);
            }
            else
            {
                task.Fail(Unknown(task));
            }

            unsent.RemoveAt(i);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (unsent.Count == 0)
        {
            return;
        }

        await store.EnqueueAsync(unsent[0].Route, unsent).WaitAsync(cancellationToken).ConfigureAwait(false);
        unverified.AddRange(unsent.Where(task => task.Status != EnqueueStatus.Enqueued));
        unsent.Clear();
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        while (mayBeStored && unverified.Count > 0)
        {
            var task = unverified[^1];
            if (await IsOwnAsync(task, cancellationToken).ConfigureAwait(false))
            {
                task.Settle(EnqueueStatus.Enqueued);
            }

            unverified.RemoveAt(unverified.Count - 1);
        }
    }

    // An earlier attempt can have stored the task although its reply was lost. A random id that is taken belongs to
    // the task itself; a chosen id does if the same task is stored under it.
    private async Task<bool> IsOwnAsync(NewTask task, CancellationToken cancellationToken) => task.Status switch
    {
        EnqueueStatus.TaskIdConflict when !task.HasOwnId => true,
        EnqueueStatus.TaskIdConflict => await IsStoredAsync(task, cancellationToken).ConfigureAwait(false),
        EnqueueStatus.Duplicate => task.LockOwner == task.Message.Id,
        _ => false,
    };

    private Task<bool> IsStoredAsync(NewTask task, CancellationToken cancellationToken) =>
        store.IsStoredAsync(task).WaitAsync(cancellationToken);

    private RedisConnectionException Unknown(NewTask task) => new(
        (cause as RedisConnectionException)?.FailureType ?? ConnectionFailureType.UnableToConnect,
        CommandFlags.None,
        $"It is unknown whether task {task.Message.Id} of queue '{task.Message.Queue}' was stored: the reply of Redis was " +
        "lost, and no task has this id now. The task was not stored, or has ended already. Enqueue it again under the " +
        $"same id if it may run twice, or give it a retention, so that it can be found. Cause: {cause.Message}",
        cause,
        CommandStatus.Unknown);
}
