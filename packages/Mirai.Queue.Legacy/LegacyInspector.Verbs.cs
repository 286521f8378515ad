using Mirai.Queue.Inspector;
using Mirai.Queue.Wire;
using StackExchange.Redis;

namespace Mirai.Queue.Legacy;

/// <summary>The six changes.</summary>
internal sealed partial class LegacyInspector
{
    private delegate LegacyAction ActionFor(string queue, LegacyPlace place);

    public Task<SelectionStep> RunTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Run, selection, step, LegacyAction.Run, cancellationToken);

    public Task<SelectionStep> ArchiveTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Archive, selection, step, Archive, cancellationToken);

    public Task<SelectionStep> DeleteTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Delete, selection, step, LegacyAction.Delete, cancellationToken);

    public Task<SelectionStep> RescheduleTasksAsync(
        TaskSelection selection, DateTimeOffset processAt, Paging? step = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
        TaskVerb.Reschedule, selection, step,
        (queue, place) => LegacyAction.Reschedule(queue, place, WireTime.ToDueSeconds(processAt)), cancellationToken);

    public Task<SelectionStep> CancelTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);

        return selection.TaskId is null
            ? ForMatchesAsync(
                selection,
                PlaceOf(selection, TaskVerb.Cancel),
                step,
                async (_, matches) =>
                {
                    var ids = matches.Select(entry => entry.Message?.Id).OfType<Guid>().ToList();
                    await Task.WhenAll(ids.Select(id => store.PublishCancellationAsync(id.ToString())))
                        .ConfigureAwait(false);
                    return new BatchResult(ids.Count);
                },
                cancellationToken)
            : common.CancelTasksAsync(selection, step, cancellationToken);
    }

    public Task<SelectionStep> UpdatePayloadsAsync(
        TaskSelection selection, Func<TaskInfo, ReadOnlyMemory<byte>?> change, Paging? step = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(change);

        return selection.TaskId is { } taskId
            ? ChangeOneAsync(
                TaskVerb.UpdatePayload, selection.Queue, taskId, LegacyAction.Update,
                (place, entry) => Changes([entry], place, change).SingleOrDefault(), cancellationToken)
            : UpdateMatchesAsync(selection, change, step, cancellationToken);
    }

    /// <summary>For changes that take tasks out of their place. A whole state is taken from its front, in order; all
    /// other selections are scanned.</summary>
    private Task<SelectionStep> ChangeFirstAsync(
        TaskVerb verb, TaskSelection selection, Paging? step, ActionFor create, CancellationToken cancellationToken) =>
        selection is { TaskId: null, Filter: null }
            ? ChangeInOrderAsync(create(selection.Queue, PlaceOf(selection, verb)), step, cancellationToken)
            : ChangeAsync(verb, selection, step, create, cancellationToken);

    private Task<SelectionStep> ChangeAsync(
        TaskVerb verb, TaskSelection selection, Paging? step, ActionFor create, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.TaskId is { } taskId)
        {
            return ChangeOneAsync(
                verb, selection.Queue, taskId, create, (_, entry) => LegacyChange.None(entry), cancellationToken);
        }

        var place = PlaceOf(selection, verb);
        var action = create(selection.Queue, place) with { FromHead = true };
        return ForMatchesAsync(
            selection, place, step,
            (database, matches) => ActAsync(database, action, [.. matches.Select(LegacyChange.None)]),
            cancellationToken);
    }

    private async Task<SelectionStep> ChangeOneAsync(
        TaskVerb verb, string queue, string taskId, ActionFor create,
        Func<LegacyPlace, LegacyEntry, LegacyChange?> change, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        BatchResult done;

        // Repeat if the task moved on between the search and the change.
        do
        {
            var (place, entry) = await FindAsync(database, queue, taskId, cancellationToken).ConfigureAwait(false)
                ?? throw new TaskNotFoundException(queue, taskId);
            if (!verb.States.Contains(place.State))
            {
                throw new TaskStateException(queue, taskId, place.State, verb.Participle);
            }

            if (change(place, entry) is not { } changed)
            {
                return new SelectionStep(0);
            }

            done = await ActAsync(database, create(queue, place), [changed])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (done.Count == 0);

        return new SelectionStep(1) { Trimmed = done.Trimmed };
    }

    /// <summary>Changes the tasks of a queue in a place, from its front: as many messages as the place had when the
    /// first step began. Tasks that are added meanwhile (also by a worker that fails a task again) are not
    /// counted.</summary>
    private async Task<SelectionStep> ChangeInOrderAsync(
        LegacyAction action, Paging? step, CancellationToken cancellationToken)
    {
        step?.RequireFirstPage();
        var database = await OpenAsync(action.Queue, cancellationToken).ConfigureAwait(false);
        var pages = new LegacyPages(database, action.From);
        if (step?.Cursor is { } cursor)
        {
            pages.MoveTo(cursor);
        }
        else
        {
            pages.Left = await LengthAsync(database, action.From).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var (count, trimmed, examined, most) = (0L, 0L, 0L, step?.Size ?? long.MaxValue);
        while (pages.Left > 0 && examined < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await pages.NextAsync(Math.Min(pages.Left, QueueInspector.BatchSize))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                return new SelectionStep(count) { Trimmed = trimmed };
            }

            var own = entries.Where(entry => entry.IsOf(action.Queue)).ToList();
            var done = await ActAsync(database, action, [.. own.Select(LegacyChange.None)])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            (count, trimmed) = (count + done.Count, trimmed + done.Trimmed);
            own.ForEach(pages.Forget); // messages that the script did not find are gone as well
            (pages.Left, examined) = (pages.Left - entries.Count, examined + entries.Count);
        }

        return new SelectionStep(count, pages.Left > 0 ? pages.Cursor : null) { Trimmed = trimmed };
    }

    private async Task<SelectionStep> UpdateMatchesAsync(
        TaskSelection selection, Func<TaskInfo, ReadOnlyMemory<byte>?> change, Paging? step,
        CancellationToken cancellationToken)
    {
        step?.RequireFirstPage();
        var (queue, place) = (selection.Queue, PlaceOf(selection, TaskVerb.UpdatePayload));
        var matcher = MatcherOf(selection);
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        var scores = new LegacyScores(database, place, step?.Cursor);
        var (count, examined, most) = (0L, 0L, step?.Size ?? long.MaxValue);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entries = await scores.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var matches = entries.Where(entry => entry.IsOf(queue) && matcher.Matches(entry.ToTask(place)));
            var done = await ActAsync(database, LegacyAction.Update(queue, place), Changes(matches, place, change))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            count += done.Count;
            examined += entries.Count;
        }
        while (scores.Cursor is not null && examined < most);

        return new SelectionStep(count, scores.Cursor);
    }

    private LegacyAction Archive(string queue, LegacyPlace place) =>
        LegacyAction.Archive(queue, place, WireTime.ToSeconds(time.GetUtcNow()));

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

    private static Task<long> LengthAsync(IDatabase database, LegacyPlace place) => place.IsList
        ? database.ListLengthAsync(place.Key)
        : database.SortedSetLengthAsync(place.Key);

    /// <summary>The place of the selected tasks, if they can be changed.</summary>
    /// <exception cref="ArgumentException">Tasks in that state cannot be changed, in this layout or at
    /// all.</exception>
    private static LegacyPlace PlaceOf(TaskSelection selection, TaskVerb verb)
    {
        var state = selection.State!.Value;
        verb.Require(state);

        return LegacyPlace.Of(selection.Queue, state)
            ?? throw LegacyTaskFactory.Refused(
                $"The state {TaskStateWord.Of(state)}",
                "which neither keeps tasks after success nor has groups",
                nameof(state));
    }
}
