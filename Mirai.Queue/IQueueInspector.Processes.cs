namespace Mirai.Queue;

public partial interface IQueueInspector
{
    /// <summary>The servers that showed themselves within the last seconds, with what they run; sorted by host and
    /// process. What cannot be read is left out.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The servers.</returns>
    Task<IReadOnlyList<QueueServerInfo>> ListServersAsync(CancellationToken cancellationToken = default);

    /// <summary>The entries of all schedulers that run. What cannot be read is left out.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entries.</returns>
    Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulerEntriesAsync(CancellationToken cancellationToken = default);

    /// <summary>What a scheduler entry has enqueued, the newest first; Redis keeps the last 1,000. What cannot be read
    /// is left out.</summary>
    /// <param name="entryId">The entry.</param>
    /// <param name="paging">Which page; <see langword="null"/> for the newest 30.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The events; none when there is no such entry.</returns>
    Task<IReadOnlyList<SchedulerEventInfo>> ListSchedulerEventsAsync(
        string entryId, Paging? paging = null, CancellationToken cancellationToken = default);

    /// <summary>The slot of a Redis Cluster in which all keys of a queue lie.</summary>
    /// <param name="queue">The queue.</param>
    /// <returns>0 to 16,383.</returns>
    int GetClusterKeySlot(string queue);

    /// <summary>The nodes of a Redis Cluster that have a queue's keys, the primary first, as the connection knows
    /// them: it asks every minute, and when a node is not the right one any more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The nodes; none when Redis is no cluster.</returns>
    Task<IReadOnlyList<ClusterNodeInfo>> ListClusterNodesAsync(
        string queue, CancellationToken cancellationToken = default);
}
