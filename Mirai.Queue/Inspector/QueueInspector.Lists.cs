using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public Task<IReadOnlyList<TaskInfo>> ListTasksAsync(
        string queue, TaskState state, Paging? paging = null, CancellationToken cancellationToken = default) =>
        state == TaskState.Aggregating
            ? throw new ArgumentException("Aggregating tasks are listed by their group.", nameof(state))
            : ListAsync(new TaskContainer(queue, state), paging ?? Paging.Default, cancellationToken);

    public Task<IReadOnlyList<TaskInfo>> ListGroupTasksAsync(
        string queue, string group, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);

        return ListAsync(
            new TaskContainer(queue, TaskState.Aggregating, group), paging ?? Paging.Default, cancellationToken);
    }

    private async Task<IReadOnlyList<TaskInfo>> ListAsync(
        TaskContainer container, Paging paging, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        var ids = await ReadIdsAsync(database, container, paging.First, paging.Last)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var tasks = await ReadTasksAsync(database, container, ids, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();

        return [.. tasks.Select(task => task.ToInfo(container.Queue, container.State, now))];
    }

    /// <summary>Ids of a container by their rank, the first being the one that runs, falls due or is dropped
    /// first.</summary>
    private static async Task<IReadOnlyList<StoredTask>> ReadIdsAsync(
        IDatabase database, TaskContainer container, long first, long last)
    {
        if (!container.IsList)
        {
            var entries = await database.SortedSetRangeByRankWithScoresAsync(container.Key, first, last)
                .ConfigureAwait(false);
            return [.. entries.Select(entry => new StoredTask(entry.Element.ToString(), entry.Score))];
        }

        // New ids are pushed at the head.
        var ids = await database.ListRangeAsync(container.Key, -last - 1, -first - 1).ConfigureAwait(false);
        Array.Reverse(ids);
        var leases = container.State == TaskState.Active && ids.Length > 0
            ? await database.SortedSetScoresAsync(QueueKeys.Of(container.Queue).Lease, ids).ConfigureAwait(false)
            : new double?[ids.Length];

        return [.. ids.Zip(leases, (id, lease) => new StoredTask(id.ToString(), lease))];
    }
}
