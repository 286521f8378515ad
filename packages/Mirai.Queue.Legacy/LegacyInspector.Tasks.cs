using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    // Along the way of a task, so that one that moves on meanwhile is met later.
    private static readonly TaskState[] Way =
    [
        TaskState.Scheduled, TaskState.Retry, TaskState.Pending, TaskState.Active, TaskState.Retry, TaskState.Archived,
    ];

    public async Task<TaskInfo?> FindTaskAsync(
        string queue, string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(taskId);
        var database = await FindDatabaseAsync(queue, cancellationToken).ConfigureAwait(false);
        var found = database is null
            ? null
            : await FindAsync(database, queue, taskId, cancellationToken).ConfigureAwait(false);

        return found is var (place, entry) ? entry.ToTask(place).ToInfo(queue, place.State, time.GetUtcNow()) : null;
    }

    public async Task<IReadOnlyList<TaskInfo>> ListTasksAsync(
        string queue, TaskState state, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        if (state == TaskState.Aggregating)
        {
            throw new ArgumentException("Aggregating tasks are listed by their group.", nameof(state));
        }

        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        var page = paging ?? Paging.Default;

        return LegacyPlace.Of(queue, state) is { } place
            ? await ListAsync(database, queue, place, page, cancellationToken).ConfigureAwait(false)
            : [];
    }

    /// <summary>This layout has no groups.</summary>
    public async Task<IReadOnlyList<TaskInfo>> ListGroupTasksAsync(
        string queue, string group, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        await OpenAsync(queue, cancellationToken).ConfigureAwait(false);

        return [];
    }

    /// <summary>This layout has no groups.</summary>
    public Task<IReadOnlyList<GroupInfo>> ListGroupsAsync(string queue, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);

        return Task.FromResult<IReadOnlyList<GroupInfo>>([]);
    }

    private async Task<IReadOnlyList<TaskInfo>> ListAsync(
        IDatabase database, string queue, LegacyPlace place, Paging page, CancellationToken cancellationToken)
    {
        var (tasks, rank, now) = (new List<TaskInfo>(), 0L, time.GetUtcNow());
        var pages = new LegacyPages(database, place);
        IReadOnlyList<LegacyEntry> entries;
        do
        {
            entries = await pages.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where(entry => entry.IsOf(queue)))
            {
                if (rank >= page.First && rank <= page.Last)
                {
                    tasks.Add(entry.ToTask(place).ToInfo(queue, place.State, now));
                }

                rank++;
            }
        }
        while (entries.Count > 0 && rank <= page.Last);

        return tasks;
    }

    private static async Task<(LegacyPlace Place, LegacyEntry Entry)?> FindAsync(
        IDatabase database, string queue, string taskId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(taskId, out var id))
        {
            return null;
        }

        foreach (var state in Way)
        {
            var place = LegacyPlace.Of(queue, state)!;
            var scanner = new LegacyScanner(database, place, $"*{id:D}*");
            while (scanner.Cursor is not null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var entries = await scanner.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                if (entries.FirstOrDefault(entry => entry.Message?.Id == id && entry.IsOf(queue)) is { } found)
                {
                    return (place, found);
                }
            }
        }

        return null;
    }
}
