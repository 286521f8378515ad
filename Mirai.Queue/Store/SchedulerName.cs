using Mirai.Queue.Wire;

namespace Mirai.Queue.Store;

/// <summary>Who a scheduler is, as inspectors show it.</summary>
/// <param name="Host">Its machine.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Id">A random id.</param>
internal sealed record SchedulerName(string Host, int ProcessId, string Id)
{
    /// <summary>A name for a scheduler of this process.</summary>
    public static SchedulerName Create() => new(HostName.Get(), Environment.ProcessId, Guid.NewGuid().ToString());
}
