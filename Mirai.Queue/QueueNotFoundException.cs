namespace Mirai.Queue;

/// <summary>There is no such queue: nobody ever put a task into it, or it was deleted.</summary>
public sealed class QueueNotFoundException : InvalidOperationException
{
    internal QueueNotFoundException(string queue)
        : base($"There is no queue '{queue}'.") => Queue = queue;

    /// <summary>The name.</summary>
    public string Queue { get; }
}
