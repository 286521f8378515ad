namespace Mirai.Queue;

/// <summary>What becomes of a tick while the task of the last one is not done.</summary>
public enum OverlapPolicy
{
    /// <summary>It is enqueued, as in Asynq.</summary>
    Allow,

    /// <summary>It is left out while the last task waits (pending, scheduled, to be retried, or in a group) or runs.
    /// An archived task is done.</summary>
    Skip,
}
