using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    // In the order in which a task moves, so that a task that moves on during the search is found later.
    private static readonly TaskState[] SearchOrder =
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

    public async Task<Page<TaskInfo>> ListTasksAsync(
        TaskSelection selection, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var page = paging ?? Paging.Default;
        var database = await OpenAsync(selection.Queue, cancellationToken).ConfigureAwait(false);
        if (selection.TaskId is { } taskId)
        {
            var task = await FindTaskAsync(selection.Queue, taskId, cancellationToken).ConfigureAwait(false);
            return new Page<TaskInfo>(task is null ? [] : [task]);
        }

        if (LegacyPlace.Of(selection.Queue, selection.State!.Value) is not { } place)
        {
            return new Page<TaskInfo>([]);
        }

        return selection.Filter is null
            ? await ListInOrderAsync(database, selection.Queue, place, page, cancellationToken).ConfigureAwait(false)
            : await ListMatchesAsync(selection, place, page, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>This layout has no groups.</summary>
    public Task<Page<GroupInfo>> ListGroupsAsync(
        string queue, Paging? paging = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queue);

        return Task.FromResult(new Page<GroupInfo>([]));
    }

    private async Task<Page<TaskInfo>> ListInOrderAsync(
        IDatabase database, string queue, LegacyPlace place, Paging page, CancellationToken cancellationToken)
    {
        var (tasks, rank, now) = (new List<TaskInfo>(), 0L, time.GetUtcNow());
        var (first, end) = (page.First, page.First + page.Size);
        var pages = new LegacyPages(database, place);
        IReadOnlyList<LegacyEntry> entries;
        do
        {
            entries = await pages.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where(entry => entry.IsOf(queue)))
            {
                if (rank >= first && rank < end)
                {
                    tasks.Add(entry.ToTask(place).ToInfo(queue, place.State, now));
                }

                rank++;
            }
        }
        while (entries.Count > 0 && rank < end);

        return new Page<TaskInfo>(tasks, page.CursorAfter(tasks.Count));
    }

    private async Task<Page<TaskInfo>> ListMatchesAsync(
        TaskSelection selection, LegacyPlace place, Paging page, CancellationToken cancellationToken)
    {
        var (now, found) = (time.GetUtcNow(), new List<TaskInfo>());
        var step = await ForMatchesAsync(
            selection,
            place,
            page,
            (_, matches) =>
            {
                found.AddRange(matches.Select(entry => entry.ToTask(place).ToInfo(selection.Queue, place.State, now)));
                return Task.FromResult(new BatchResult(0));
            },
            cancellationToken).ConfigureAwait(false);

        return new Page<TaskInfo>(found, step.Cursor);
    }

    /// <summary>Scans a place and hands the tasks that match the filter to an action.</summary>
    private async Task<SelectionStep> ForMatchesAsync(
        TaskSelection selection, LegacyPlace place, Paging? step,
        Func<IDatabase, IReadOnlyList<LegacyEntry>, Task<BatchResult>> action, CancellationToken cancellationToken)
    {
        step?.RequireFirstPage();
        var queue = selection.Queue;
        var matcher = MatcherOf(selection);
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        var scanner = new LegacyScanner(database, place, PatternOf(queue), step?.Cursor);
        var (count, trimmed, most) = (0L, 0L, step?.Size ?? long.MaxValue);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await scanner.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var matches = entries.Where(entry => entry.IsOf(queue) && matcher.Matches(entry.ToTask(place))).ToList();
            var done = await action(database, matches).WaitAsync(cancellationToken).ConfigureAwait(false);
            scanner.Forget(place.State == TaskState.Pending ? done.Count : 0);
            (count, trimmed) = (count + done.Count, trimmed + done.Trimmed);
        }
        while (scanner.Cursor is not null && scanner.Examined < most);

        return new SelectionStep(count, scanner.Cursor) { Trimmed = trimmed };
    }

    private TaskMatcher MatcherOf(TaskSelection selection) =>
        selection is { Filter.OlderThan: not null, State: not TaskState.Archived }
            ? throw LegacyTaskFactory.Refused(
                nameof(TaskFilter.OlderThan), "which only knows how old archived tasks are", nameof(selection))
            : new TaskMatcher(selection.State!.Value, selection.Filter, time.GetUtcNow());

    private static async Task<(LegacyPlace Place, LegacyEntry Entry)?> FindAsync(
        IDatabase database, string queue, string taskId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(taskId, out var id))
        {
            return null;
        }

        foreach (var state in SearchOrder)
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
