using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>The hold on a task that is being put off, because its type is at its limit.</summary>
internal sealed class PutOffLease(string queue, TakenTask task, long expiry, TypeLimit limit)
    : TaskLease(queue, task.Id, expiry, task.Member)
{
    public TypeLimit Limit { get; } = limit;
}
