using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    private static readonly TaskState[] Runnable =
        [TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed, TaskState.Aggregating];

    private static readonly TaskState[] Archivable =
        [TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Completed, TaskState.Aggregating];

    private static readonly TaskState[] Deletable =
    [
        TaskState.Pending, TaskState.Scheduled, TaskState.Retry, TaskState.Archived, TaskState.Completed,
        TaskState.Aggregating,
    ];

    private static readonly TaskState[] Due = [TaskState.Scheduled, TaskState.Retry];

    private static readonly TaskState[] Changeable = [TaskState.Scheduled];

    private static readonly TaskState[] Cancellable = [TaskState.Active];

    public Task<long> RunAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default) =>
        ForAllAsync(TaskContainer.Create(queue, state, group, "run", Runnable), RunAsync, cancellationToken);

    public Task<long> ArchiveAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default) =>
        ForAllAsync(
            TaskContainer.Create(queue, state, group, "archived", Archivable), ArchiveAsync, cancellationToken);

    public Task<long> DeleteAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default)
    {
        var givesLocksBack = state is not (TaskState.Pending or TaskState.Aggregating);

        return ForAllAsync(
            TaskContainer.Create(queue, state, group, "deleted", Deletable),
            (database, tasks) => DeleteAsync(database, tasks, givesLocksBack),
            cancellationToken);
    }

    public Task<long> CancelAllAsync(string queue, CancellationToken cancellationToken = default) => ForAllPagesAsync(
        new TaskQuery(queue, TaskState.Active), page => CancelMatchingAsync(page, cancellationToken));

    public Task<long> UpdateAllPayloadsAsync(
        string queue, Func<TaskInfo, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken = default) =>
        ForAllPagesAsync(
            new TaskQuery(queue, TaskState.Scheduled),
            page => UpdateMatchingPayloadsAsync(page, change, cancellationToken));

    public Task<long> RescheduleAllAsync(
        string queue, TaskState state, DateTimeOffset processAt, CancellationToken cancellationToken = default) =>
        ForAllPagesAsync(
            new TaskQuery(queue, state), page => RescheduleMatchingAsync(page, processAt, cancellationToken));

    /// <summary>Takes tasks out of their container, the first first. As many as it has now: what is put in meanwhile
    /// (maybe by a worker that fails the same task again) is not part of it.</summary>
    private async Task<long> ForAllAsync(
        TaskContainer container, Func<IDatabase, TaskSelection, Task<ActionResult>> act,
        CancellationToken cancellationToken)
    {
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        var left = await CountIdsAsync(database, container).WaitAsync(cancellationToken).ConfigureAwait(false);
        var (count, kept) = (0L, 0L);
        while (left > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = await ReadIdsAsync(database, container, kept, kept + Math.Min(left, BatchSize) - 1)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (ids.Count == 0)
            {
                break;
            }

            var result = await act(database, new TaskSelection(container.Queue, ids) { From = container })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            (count, kept, left) = (count + result.Count, kept + result.Kept, left - ids.Count);
        }

        return count;
    }

    private static Task<long> CountIdsAsync(IDatabase database, TaskContainer container) => container.IsList
        ? database.ListLengthAsync(container.Key)
        : database.SortedSetLengthAsync(container.Key);

    private static async Task<long> ForAllPagesAsync(TaskQuery query, Func<TaskQuery, Task<BulkStep>> act)
    {
        var count = 0L;
        do
        {
            var step = await act(query).ConfigureAwait(false);
            count += step.Count;
            query = query with { Cursor = step.Cursor };
        }
        while (query.Cursor is not null);

        return count;
    }
}
