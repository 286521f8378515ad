namespace Mirai.Queue.Store;

/// <summary>This worker's hold on a task: a time in the lease set of its queue, renewed by the heartbeat.</summary>
internal class TaskLease(string queue, string taskId, long expiry, StoredMember? member = null)
{
    private long written = expiry;
    private long confirmed = expiry;

    public string Queue { get; } = queue;

    public string TaskId { get; } = taskId;

    /// <summary>What the layout knows the task by, unless that is its id.</summary>
    public StoredMember? Member { get; } = member;

    /// <summary>The latest expiry this worker has sent, in Unix seconds. Redis may not have it (yet); a later one
    /// there was written by somebody else.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>The latest expiry Redis is known to have, in Unix seconds.</summary>
    public long Confirmed => Interlocked.Read(ref confirmed);

    /// <summary>Notes that a renewal is on its way.</summary>
    /// <returns>What <see cref="Written"/> was.</returns>
    public long BeginRenewal(long expiry)
    {
        var before = Written;
        Interlocked.Exchange(ref written, Math.Max(before, expiry));

        return before;
    }

    /// <summary>Notes that Redis has answered.</summary>
    public void ConfirmRenewal(long expiry) => Interlocked.Exchange(ref confirmed, Math.Max(Confirmed, expiry));
}
