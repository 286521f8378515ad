using Mirai.Queue.Wire;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    public async Task<IReadOnlyList<QueueServerInfo>> ListServersAsync(CancellationToken cancellationToken = default)
    {
        var database = await connection.GetDatabaseAsync().ConfigureAwait(false);
        var now = WireTime.ToSeconds(time.GetUtcNow());
        var keys = await database.SortedSetRangeByScoreAsync(LegacyKeys.Servers, now)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var servers = new List<QueueServerInfo>();
        foreach (var key in keys.Select(key => key.ToString()).Where(LegacyKeys.IsServer))
        {
            byte[]? server = await database.StringGetAsync(key).WaitAsync(cancellationToken).ConfigureAwait(false);
            var workers = await database.HashValuesAsync(LegacyKeys.WorkersOf(key))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (server is not null && LegacyServerReader.Read(server, workers) is { } info)
            {
                servers.Add(info);
            }
        }

        return
        [
            .. servers.OrderBy(server => server.Host, StringComparer.Ordinal).ThenBy(server => server.ProcessId)
                .ThenBy(server => server.Id, StringComparer.Ordinal),
        ];
    }

    public Task<IReadOnlyList<SchedulerEntryInfo>> ListSchedulerEntriesAsync(
        CancellationToken cancellationToken = default) => common.ListSchedulerEntriesAsync(cancellationToken);

    public Task<Page<SchedulerEventInfo>> ListSchedulerEventsAsync(
        string entryId, Paging? paging = null, CancellationToken cancellationToken = default) =>
        common.ListSchedulerEventsAsync(entryId, paging, cancellationToken);

    /// <summary>The keys of this layout lie in many slots.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public int GetClusterKeySlot(string queue) => throw new NotSupportedException(
        $"There is no slot of a Redis Cluster with {LegacyTaskFactory.Layout}, which works on a single Redis only.");

    /// <summary>There is no cluster with this layout.</summary>
    public Task<IReadOnlyList<ClusterNodeInfo>> ListClusterNodesAsync(
        string queue, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ClusterNodeInfo>>([]);
}
