using Mirai.Queue.Store;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

internal sealed partial class QueueInspector
{
    public async Task<TaskMatches> SearchTasksAsync(TaskQuery query, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var found = new List<TaskInfo>();
        var step = await ForMatchingAsync(
            query,
            ("searched", Enum.GetValues<TaskState>()),
            (_, _, matches) =>
            {
                found.AddRange(matches.Select(task => task.ToInfo(query.Queue, query.State, now)));
                return Task.FromResult(0);
            },
            cancellationToken).ConfigureAwait(false);

        return new TaskMatches(found, step.Cursor);
    }

    public Task<BulkStep> RunMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            ("run", Runnable),
            async (database, _, matches) => (await RunAsync(database, Select(query, matches))
                .ConfigureAwait(false)).Count,
            cancellationToken);

    public Task<BulkStep> ArchiveMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            ("archived", Archivable),
            async (database, batch, matches) => query.State == TaskState.Pending
                ? await ArchivePendingAsync(database, query.Queue, batch, matches).ConfigureAwait(false)
                : (await ArchiveAsync(database, Select(query, matches)).ConfigureAwait(false)).Count,
            cancellationToken);

    public Task<BulkStep> DeleteMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            ("deleted", Deletable),
            async (database, batch, matches) => query.State == TaskState.Pending
                ? await RemovePendingAsync(database, query.Queue, batch, matches, "").ConfigureAwait(false)
                : (await DeleteAsync(database, Select(query, matches), givesLocksBack: true)
                    .ConfigureAwait(false)).Count,
            cancellationToken);

    public Task<BulkStep> CancelMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            ("cancelled", Cancellable),
            async (_, _, matches) =>
            {
                await Task.WhenAll(matches.Select(task => store.PublishCancellationAsync(task.Id)))
                    .ConfigureAwait(false);
                return matches.Count;
            },
            cancellationToken);

    public Task<BulkStep> RescheduleMatchingAsync(
        TaskQuery query, DateTimeOffset processAt, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            ("rescheduled", Due),
            async (database, _, matches) =>
                (await RescheduleAsync(database, Select(query, matches), processAt).ConfigureAwait(false)).Count,
            cancellationToken);

    public Task<BulkStep> UpdateMatchingPayloadsAsync(
        TaskQuery query, Func<TaskInfo, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var now = time.GetUtcNow();

        return ForMatchingAsync(
            query,
            ("given another payload", Changeable),
            (database, _, matches) => UpdateAsync(
                database,
                query.Queue,
                matches.Where(task => task.Message is not null).Select(task =>
                    change(task.ToInfo(query.Queue, query.State, now)) is { } payload
                        ? PayloadChange.Create(task, payload)
                        : null)),
            cancellationToken);
    }

    /// <summary>Looks at about as many tasks as the query allows, and acts on those it means.</summary>
    private async Task<BulkStep> ForMatchingAsync(
        TaskQuery query,
        (string Name, TaskState[] States) action,
        Func<IDatabase, ScanBatch, IReadOnlyList<StoredTask>, Task<int>> act,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var container = TaskContainer.Create(query.Queue, query.State, query.Group, action.Name, action.States);
        var filter = new TaskFilter(query, time.GetUtcNow());
        var database = await OpenAsync(query.Queue, cancellationToken).ConfigureAwait(false);
        var scanner = new TaskScanner(database, container, query.Cursor);
        var (looked, count) = (0, 0L);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = await scanner.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var tasks = await ReadTasksAsync(database, container, batch.Ids, cancellationToken).ConfigureAwait(false);
            foreach (var matches in tasks.FindAll(filter.Matches).Chunk(BatchSize))
            {
                var done = await act(database, batch, matches).WaitAsync(cancellationToken).ConfigureAwait(false);
                scanner.Forget(done);
                count += done;
            }

            looked += batch.Ids.Count;
        }
        while (scanner.Cursor is not null && looked < query.Limit);

        return new BulkStep(count, scanner.Cursor);
    }

    private static TaskSelection Select(TaskQuery query, IReadOnlyList<StoredTask> tasks) => new(query.Queue, tasks)
    {
        From = new TaskContainer(query.Queue, query.State, query.Group),
        MatchesScores = true,
    };

    private async Task<int> ArchivePendingAsync(
        IDatabase database, string queue, ScanBatch batch, IReadOnlyList<StoredTask> tasks)
    {
        var now = WireTime.ToSeconds(time.GetUtcNow());
        var archived = await RemovePendingAsync(database, queue, batch, tasks, now).ConfigureAwait(false);
        await TrimArchiveAsync(queue).ConfigureAwait(false);

        return archived;
    }

    /// <summary>Takes ids out of the list. Where the first is gone, workers or other people have been there meanwhile;
    /// then those that still wait are looked for.</summary>
    private static async Task<int> RemovePendingAsync(
        IDatabase database, string queue, ScanBatch batch, IReadOnlyList<StoredTask> tasks, RedisValue archivedAt)
    {
        var order = new Dictionary<string, int>();
        foreach (var (index, task) in batch.Ids.Index())
        {
            order[task.Id] = index;
        }

        while (tasks.Count > 0)
        {
            var removed = await CallAsync(
                database,
                LuaScripts.RemovePending,
                keys: [QueueKeys.Of(queue).Pending, QueueKeys.Of(queue).Archived],
                arguments:
                [
                    QueueKeys.Of(queue).TaskPrefix, archivedAt, batch.IsNearHead ? 1 : -1,
                    order[tasks[^1].Id] - order[tasks[0].Id] + 1, .. tasks.Select(task => (RedisValue)task.Id),
                ]).ConfigureAwait(false);
            if (removed >= 0)
            {
                return removed;
            }

            var pending = new TaskContainer(queue, TaskState.Pending);
            tasks = await ReadTasksAsync(database, pending, [.. tasks.Skip(1)], CancellationToken.None)
                .ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Writes messages, about a megabyte at a time.</summary>
    private static async Task<int> UpdateAsync(IDatabase database, string queue, IEnumerable<PayloadChange?> changes)
    {
        var (count, size, batch) = (0, 0, new List<PayloadChange>());
        foreach (var change in changes.OfType<PayloadChange>())
        {
            batch.Add(change);
            size += change.Before.Length + change.After.Length;
            if (size >= ReadRoom)
            {
                count += (await UpdateAsync(database, queue, batch).ConfigureAwait(false)).Count;
                (size, batch) = (0, []);
            }
        }

        return batch.Count == 0
            ? count
            : count + (await UpdateAsync(database, queue, batch).ConfigureAwait(false)).Count;
    }
}
