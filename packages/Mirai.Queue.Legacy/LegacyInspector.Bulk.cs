using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    public Task<long> RunAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default) =>
        ForAllAsync(LegacyAction.Run(queue, Place(queue, state, group, Running)), cancellationToken);

    public Task<long> ArchiveAllAsync(
        string queue, TaskState state, string? group = null, CancellationToken cancellationToken = default) =>
        ForAllAsync(Archive(queue, Place(queue, state, group, Archiving)), cancellationToken);

    public Task<long> DeleteAllAsync(
        string queue, TaskState state, string? group = null,
        CancellationToken cancellationToken = default) => ForAllAsync(
        LegacyAction.Delete(queue, Place(queue, state, group, Deleting), givesLocksBack: state != TaskState.Pending),
        cancellationToken);

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

    /// <summary>Acts on the tasks of a queue that are in a place now, the first first. As many as it holds now: what
    /// is put in meanwhile (maybe by a worker that fails the same task again) is not part of it.</summary>
    private async Task<long> ForAllAsync(LegacyAction action, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(action.Queue, cancellationToken).ConfigureAwait(false);
        var left = await LengthAsync(database, action.From).WaitAsync(cancellationToken).ConfigureAwait(false);
        var pages = new LegacyPages(database, action.From);
        var count = 0L;
        while (left > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await pages.NextAsync(Math.Min(left, QueueInspector.BatchSize))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                break;
            }

            var own = entries.Where(entry => entry.IsOf(action.Queue)).ToList();
            count += await ActAsync(database, action, [.. own.Select(LegacyChange.None)])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            own.ForEach(pages.Forget); // those that it did not find are gone as well
            left -= entries.Count;
        }

        return count;
    }

    private static Task<long> LengthAsync(IDatabase database, LegacyPlace place) => place.IsList
        ? database.ListLengthAsync(place.Key)
        : database.SortedSetLengthAsync(place.Key);

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
