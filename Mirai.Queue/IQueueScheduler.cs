namespace Mirai.Queue;

/// <summary>The scheduler of this process, started and stopped with the host.</summary>
public interface IQueueScheduler
{
    /// <summary>The periodic tasks it has now.</summary>
    IReadOnlyList<PeriodicEntryInfo> Entries { get; }
}
