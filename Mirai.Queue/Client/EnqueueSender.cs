using System.Collections.Concurrent;
using Mirai.Queue.Store;
using StackExchange.Redis;

namespace Mirai.Queue.Client;

/// <summary>Sends new tasks to the store: calls that arrive at the same time share a round trip, and many tasks are
/// cut into batches. A send that Redis did not answer is repeated until the enqueue timeout is over.</summary>
internal sealed partial class EnqueueSender(IQueueStore store, TimeSpan timeout, TimeProvider time)
{
    private readonly ConcurrentQueue<WaitingCall> waiting = new();
    private int sending;

    /// <summary>Sends one task and settles it.</summary>
    /// <exception cref="RedisException">Redis did not answer in time, or refused the
    /// command.</exception>
    public async Task SendAsync(NewTask task, long started, CancellationToken cancellationToken)
    {
        var first = SendWithOthersAsync(task);
        try
        {
            await (cancellationToken.CanBeCanceled ? first.WaitAsync(cancellationToken) : first).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            await RepeatAsync([task], exception, started, cancellationToken).ConfigureAwait(false);
            if (task.Error is { } unknown)
            {
                throw unknown;
            }
        }
    }

    // While one batch is on its way, the next one gathers. A call that finds no batch on its way is sent at once.
    private Task SendWithOthersAsync(NewTask task)
    {
        var call = new WaitingCall(task);
        waiting.Enqueue(call);
        if (Interlocked.Exchange(ref sending, 1) == 0)
        {
            _ = SendWaitingAsync();
        }

        return call.Task;
    }

    // The caller that sets the flag sends for all callers. After the flag is cleared, the queue is read once more: a
    // call can have arrived between the last look and the clearing.
    private async Task SendWaitingAsync()
    {
        var calls = new List<WaitingCall>();
        do
        {
            while (TakeWaiting(calls))
            {
                await SendAsync(calls).ConfigureAwait(false);
            }

            Volatile.Write(ref sending, 0);
        }
        while (!waiting.IsEmpty && Interlocked.Exchange(ref sending, 1) == 0);
    }

    private bool TakeWaiting(List<WaitingCall> calls)
    {
        calls.Clear();
        while (calls.Count < MostTasks && waiting.TryDequeue(out var call))
        {
            calls.Add(call);
        }

        return calls.Count > 0;
    }

    private async Task SendAsync(List<WaitingCall> calls)
    {
        try
        {
            var sent = Cut(calls.Select(call => call.NewTask))
                .Select(batch => store.EnqueueAsync(batch.Route, batch.Tasks));
            await Task.WhenAll(sent).WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(calls, exception);
            return;
        }

        foreach (var call in calls)
        {
            call.SetResult();
        }
    }

    // The calls that wait behind a batch without an answer have waited as long as the batch: they fail too, and each
    // caller repeats its own task.
    private void Fail(List<WaitingCall> calls, Exception exception)
    {
        foreach (var call in calls)
        {
            if (call.NewTask.Status == EnqueueStatus.Unknown)
            {
                call.SetException(exception);
            }
            else
            {
                call.SetResult();
            }
        }

        if (RedisFaults.IsTransient(exception))
        {
            while (waiting.TryDequeue(out var call))
            {
                call.SetException(NotSent(exception));
            }
        }
    }

    // Such a task cannot be stored, so that its caller may send it without looking for it first.
    private static RedisConnectionException NotSent(Exception cause) => new(
        (cause as RedisConnectionException)?.FailureType ?? ConnectionFailureType.UnableToConnect,
        CommandFlags.None,
        cause.Message,
        cause,
        CommandStatus.WaitingToBeSent);

    /// <summary>A caller that waits until its task is settled.</summary>
    private sealed class WaitingCall(NewTask task) : TaskCompletionSource(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public NewTask NewTask { get; } = task;
    }
}
