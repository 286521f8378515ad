namespace Mirai.Queue;

/// <summary>The worker could not renew its lease in time, so the attempt failed and the task may run
/// elsewhere.</summary>
public sealed class TaskLeaseExpiredException : Exception
{
    // Asynq's text (spec section 6.6).
    internal TaskLeaseExpiredException()
        : base("asynq: task lease expired")
    {
    }
}
