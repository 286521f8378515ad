namespace Mirai.Queue.Store;

/// <summary>This worker's hold on a task: a time in the lease set of its queue, renewed by the heartbeat.</summary>
internal class TaskLease(string queue, string taskId, long expiry, object? member = null)
{
    private long written = expiry;
    private long confirmed = expiry;

    public string Queue { get; } = queue;

    public string TaskId { get; } = taskId;

    /// <summary>What the store needs to find the task again, for a store that does not find it by its id;
    /// <see langword="null"/> otherwise. Only the store that took the task reads this object.</summary>
    public object? Member { get; } = member;

    /// <summary>The latest expiry that this worker has sent, in Unix seconds. Redis may not have it yet. A later
    /// expiry in Redis was written by another worker.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>The latest expiry that Redis has confirmed, in Unix seconds.</summary>
    public long Confirmed => Interlocked.Read(ref confirmed);

    /// <summary>Records that a renewal is being sent.</summary>
    /// <returns>The value of <see cref="Written"/> before.</returns>
    public long BeginRenewal(long expiry)
    {
        var before = Written;
        Interlocked.Exchange(ref written, Math.Max(before, expiry));

        return before;
    }

    /// <summary>Records that Redis has confirmed a renewal.</summary>
    public void ConfirmRenewal(long expiry) => Interlocked.Exchange(ref confirmed, Math.Max(Confirmed, expiry));
}
