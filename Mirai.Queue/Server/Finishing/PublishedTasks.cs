using Google.Protobuf;
using Mirai.Queue.Store;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Finishing;

/// <summary>The running tasks that inspectors see. A heartbeat writes only what changed, in calls of bounded size: a
/// server may run 100,000 tasks with large payloads.</summary>
internal sealed class PublishedTasks(IQueueStore store, ServerIdentity identity)
{
    // One script call takes Redis around a millisecond.
    private const int MaxTasksPerCall = 500;
    private const int MaxBytesPerCall = 1024 * 1024;

    /// <summary>How many bytes of payloads a server publishes at most. Tasks beyond are shown without payload, which
    /// is stored with the task in any case.</summary>
    internal const int MaxPayloadBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, (RunningLease Task, int PayloadSize)> published = new(StringComparer.Ordinal);
    private int payloadBytes;
    private bool isComplete;

    /// <summary>Publishes the server and its tasks. After a failure, the next call publishes all tasks anew.</summary>
    public async Task WriteAsync(IReadOnlyList<RunningLease> running, TimeSpan lifetime)
    {
        var current = new Dictionary<string, RunningLease>(running.Count, StringComparer.Ordinal);
        foreach (var task in running)
        {
            current[task.TaskId] = task; // ids of two queues may be the same; the hash has room for one
        }

        var wasComplete = isComplete;
        isComplete = false; // should a call fail
        if (wasComplete)
        {
            isComplete = await WriteChangesAsync(current, lifetime, isWhole: false).ConfigureAwait(false);
        }

        if (!isComplete)
        {
            published.Clear();
            payloadBytes = 0;
            isComplete = await WriteChangesAsync(current, lifetime, isWhole: true).ConfigureAwait(false);
        }
    }

    // The hash expires when heartbeats fail for long: then Redis has fewer tasks than were published.
    private async Task<bool> WriteChangesAsync(
        Dictionary<string, RunningLease> current, TimeSpan lifetime, bool isWhole)
    {
        var server = identity.ToInfo(current.Count);
        if (current.Count == 0 && published.Count > 0)
        {
            // One deletion in place of many.
            published.Clear();
            (payloadBytes, isWhole) = (0, true);
        }

        var ended = new Queue<string>(published.Keys.Where(id => !current.ContainsKey(id)).ToList());
        var begun = new Queue<RunningLease>(current.Values.Where(IsNew));
        long shown;
        do
        {
            var state = new ServerState(server, isWhole, TakeEnded(ended), TakeBegun(begun));
            shown = await store.WriteServerStateAsync(state, lifetime).ConfigureAwait(false);
            isWhole = false;
        }
        while (ended.Count > 0 || begun.Count > 0);

        return shown == current.Count;
    }

    private bool IsNew(RunningLease task) =>
        !published.TryGetValue(task.TaskId, out var known) || !ReferenceEquals(known.Task, task);

    private List<string> TakeEnded(Queue<string> ended)
    {
        var ids = new List<string>();
        while (ids.Count < MaxTasksPerCall && ended.TryDequeue(out var id))
        {
            Remove(id);
            ids.Add(id);
        }

        return ids;
    }

    private List<WorkerInfo> TakeBegun(Queue<RunningLease> begun)
    {
        var workers = new List<WorkerInfo>();
        for (var bytes = 0; workers.Count < MaxTasksPerCall && bytes < MaxBytesPerCall;)
        {
            if (!begun.TryDequeue(out var task))
            {
                break;
            }

            Remove(task.TaskId);
            var worker = identity.ToWorker(task);
            if (payloadBytes + worker.TaskPayload.Length > MaxPayloadBytes)
            {
                worker.TaskPayload = ByteString.Empty;
            }

            published[task.TaskId] = (task, worker.TaskPayload.Length);
            payloadBytes += worker.TaskPayload.Length;
            bytes += worker.TaskPayload.Length;
            workers.Add(worker);
        }

        return workers;
    }

    private void Remove(string id)
    {
        if (published.Remove(id, out var known))
        {
            payloadBytes -= known.PayloadSize;
        }
    }
}
