using Mirai.Queue.Inspector;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

internal sealed partial class LegacyInspector
{
    private static readonly (string Name, TaskState[] States) Searching = ("searched", Enum.GetValues<TaskState>());

    private static readonly (string Name, TaskState[] States) Cancelling = ("cancelled", [TaskState.Active]);

    public async Task<TaskMatches> SearchTasksAsync(TaskQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (LegacyPlace.Of(query.Queue, query.State) is null)
        {
            await OpenAsync(query.Queue, cancellationToken).ConfigureAwait(false);
            return new TaskMatches([], Cursor: null);
        }

        var now = time.GetUtcNow();
        var found = new List<TaskInfo>();
        var step = await ForMatchingAsync(
            query,
            Searching,
            (_, place, matches) =>
            {
                found.AddRange(matches.Select(entry => entry.ToTask(place).ToInfo(query.Queue, place.State, now)));
                return Task.FromResult(0);
            },
            cancellationToken).ConfigureAwait(false);

        return new TaskMatches(found, step.Cursor);
    }

    public Task<BulkStep> RunMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(query, Running, place => LegacyAction.Run(query.Queue, place), cancellationToken);

    public Task<BulkStep> ArchiveMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(query, Archiving, place => Archive(query.Queue, place), cancellationToken);

    public Task<BulkStep> DeleteMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query, Deleting, place => LegacyAction.Delete(query.Queue, place, givesLocksBack: true),
            cancellationToken);

    public Task<BulkStep> RescheduleMatchingAsync(
        TaskQuery query, DateTimeOffset processAt, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query, Rescheduling, place => Reschedule(query.Queue, place, processAt), cancellationToken);

    public Task<BulkStep> CancelMatchingAsync(TaskQuery query, CancellationToken cancellationToken = default) =>
        ForMatchingAsync(
            query,
            Cancelling,
            async (_, _, matches) =>
            {
                var ids = matches.Select(entry => entry.Message?.Id).OfType<Guid>().ToList();
                await Task.WhenAll(ids.Select(id => store.PublishCancellationAsync(id.ToString())))
                    .ConfigureAwait(false);
                return ids.Count;
            },
            cancellationToken);

    public async Task<BulkStep> UpdateMatchingPayloadsAsync(
        TaskQuery query, Func<TaskInfo, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(change);
        var place = Place(query.Queue, query.State, query.Group, Updating);
        var filter = Filter(query);
        var database = await OpenAsync(query.Queue, cancellationToken).ConfigureAwait(false);
        var scores = new LegacyScores(database, place, query.Cursor);
        var (looked, count) = (0, 0L);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await scores.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var matches = entries.Where(entry => entry.IsOf(query.Queue) && filter.Matches(entry.ToTask(place)));
            count += await ActAsync(database, LegacyAction.Update(query.Queue, place), Changes(matches, place, change))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            looked += entries.Count;
        }
        while (scores.Cursor is not null && looked < query.Limit);

        return new BulkStep(count, scores.Cursor);
    }

    private List<LegacyChange> Changes(
        IEnumerable<LegacyEntry> entries, LegacyPlace place, Func<TaskInfo, ReadOnlyMemory<byte>?> change)
    {
        var now = time.GetUtcNow();
        return
        [
            .. from entry in entries
               where entry.Message is not null
               let payload = change(entry.ToTask(place).ToInfo(entry.Queue, place.State, now))
               where payload is not null
               select LegacyChange.Payload(entry, payload.Value),
        ];
    }

    private Task<BulkStep> ForMatchingAsync(
        TaskQuery query, (string Name, TaskState[] States) action, Func<LegacyPlace, LegacyAction> create,
        CancellationToken cancellationToken) => ForMatchingAsync(
        query,
        action,
        (database, place, matches) =>
            ActAsync(database, create(place) with { FromHead = true }, [.. matches.Select(LegacyChange.None)]),
        cancellationToken);

    /// <summary>Looks at about as many tasks as the query allows, and acts on those it means.</summary>
    private async Task<BulkStep> ForMatchingAsync(
        TaskQuery query,
        (string Name, TaskState[] States) action,
        Func<IDatabase, LegacyPlace, IReadOnlyList<LegacyEntry>, Task<int>> act,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var place = Place(query.Queue, query.State, query.Group, action);
        var filter = Filter(query);
        var database = await OpenAsync(query.Queue, cancellationToken).ConfigureAwait(false);
        var scanner = new LegacyScanner(database, place, PatternOf(query.Queue), query.Cursor);
        var count = 0L;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await scanner.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var matches = entries.Where(entry => entry.IsOf(query.Queue)
                && filter.Matches(entry.ToTask(place))).ToList();
            var done = await act(database, place, matches).WaitAsync(cancellationToken).ConfigureAwait(false);
            scanner.Forget(place.State == TaskState.Pending ? done : 0);
            count += done;
        }
        while (scanner.Cursor is not null && scanner.Looked < query.Limit);

        return new BulkStep(count, scanner.Cursor);
    }

    private TaskFilter Filter(TaskQuery query) => query is { OlderThan: not null, State: not TaskState.Archived }
        ? throw LegacyTaskFactory.Refused(
            nameof(TaskQuery.OlderThan), "which only knows how old archived tasks are", nameof(query))
        : new TaskFilter(query, time.GetUtcNow());
}
