using System.Collections.Concurrent;
using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>Lets calls that arrive at the same time share a round trip: while one batch is on its way, the next
/// gathers. A lone call goes out at once.</summary>
internal sealed class EnqueueBuffer(IQueueStore store, TimeSpan timeout, TimeProvider time)
{
    private readonly ConcurrentQueue<EnqueueCall> waiting = new();
    private int sending;

    /// <summary>Sends the task with the next batch.</summary>
    /// <returns>Completes when the task is settled; faults when Redis did not answer.</returns>
    public Task SendAsync(NewTask task)
    {
        var call = new EnqueueCall(task);
        waiting.Enqueue(call);
        if (Interlocked.Exchange(ref sending, 1) == 0)
        {
            _ = SendWaitingAsync();
        }

        return call.Task;
    }

    // Whoever sets the flag sends for everybody; after clearing it, a call that came in between must not be left
    // behind.
    private async Task SendWaitingAsync()
    {
        var calls = new List<EnqueueCall>();
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

    private bool TakeWaiting(List<EnqueueCall> calls)
    {
        calls.Clear();
        while (calls.Count < EnqueueBatches.MostTasks && waiting.TryDequeue(out var call))
        {
            calls.Add(call);
        }

        return calls.Count > 0;
    }

    private async Task SendAsync(List<EnqueueCall> calls)
    {
        try
        {
            var sent = EnqueueBatches.Cut(calls.Select(call => call.NewTask))
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

    // Who waits behind a batch that Redis did not answer has waited as long: each decides for itself what is next.
    private void Fail(List<EnqueueCall> calls, Exception exception)
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
                call.SetException(exception);
            }
        }
    }
}
