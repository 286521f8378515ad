namespace Mirai.Queue.Store;

/// <summary>The outcome of one attempt, to be written to Redis.</summary>
/// <param name="Lease">Proves that the task still belongs to this worker.</param>
/// <param name="Outcome">Where the task goes.</param>
/// <param name="Message">The new message; empty when the message did not change.</param>
/// <param name="Score">The due time, the time of archiving or the time of deletion, in Unix seconds.</param>
/// <param name="ReleasedLock">The uniqueness lock to release; <see langword="null"/> for none.</param>
internal sealed record FinishedTask(
    TaskLease Lease,
    TaskOutcome Outcome,
    ReadOnlyMemory<byte> Message = default,
    long Score = 0,
    string? ReleasedLock = null);

/// <summary>What becomes of a task after an attempt. <c>finish.lua</c> takes the tasks in this order.</summary>
internal enum TaskOutcome
{
    /// <summary>The task succeeded or was revoked: it is deleted.</summary>
    Done,

    /// <summary>The attempt was interrupted: the task goes to the front of its queue and no attempt is
    /// counted.</summary>
    Requeued,

    /// <summary>The attempt failed: the task runs again later.</summary>
    Retry,

    /// <summary>The attempt ended without success and without failure: the task runs again later, and no counter
    /// changes.</summary>
    RetryUncounted,

    /// <summary>The task failed for good.</summary>
    Archived,

    /// <summary>The task succeeded and is kept for its retention.</summary>
    Completed,

    /// <summary>The attempt failed, and failed tasks of this type are not kept: the task is deleted.</summary>
    Dropped,
}
