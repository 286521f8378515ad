namespace Mirai.Queue.Store;

/// <summary>What became of a task that ran. In the order in which <c>finish.lua</c> takes them.</summary>
internal enum TaskOutcome
{
    /// <summary>Succeeded or was revoked: deleted.</summary>
    Done,

    /// <summary>Was interrupted: back to the front of its queue, as if it had not run.</summary>
    Requeued,

    /// <summary>Failed; runs again later.</summary>
    Retry,

    /// <summary>Did not succeed, but not by a failure: runs again later and counts nowhere.</summary>
    RetryUncounted,

    /// <summary>Failed for good.</summary>
    Archived,

    /// <summary>Succeeded and is kept for its retention.</summary>
    Completed,

    /// <summary>Failed, and a failed one of its type is worth nothing: deleted.</summary>
    Dropped,
}
