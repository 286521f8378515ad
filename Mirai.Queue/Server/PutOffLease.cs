using Mirai.Queue.Broker;

namespace Mirai.Queue.Server;

/// <summary>The hold on a task that is being put off, because its type is at its limit.</summary>
internal sealed class PutOffLease(string queue, string taskId, long expiry, TypeLimit limit)
    : TaskLease(queue, taskId, expiry)
{
    public TypeLimit Limit { get; } = limit;
}
