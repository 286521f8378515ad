using System.Globalization;
using StackExchange.Redis;

namespace Mirai.Queue.Inspector;

/// <summary>The six changes. Each is a script call on a batch of tasks; a batch is the one selected task, the first
/// tasks of a container, or matches of a scan.</summary>
internal sealed partial class QueueInspector
{
    private delegate Task<BatchResult> BatchAction(IDatabase database, TaskBatch batch);

    public Task<SelectionStep> RunTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Run, selection, step, RunAsync, cancellationToken);

    public Task<SelectionStep> ArchiveTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Archive, selection, step, ArchiveAsync, cancellationToken);

    public Task<SelectionStep> DeleteTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default) =>
        ChangeFirstAsync(TaskVerb.Delete, selection, step, DeleteAsync, cancellationToken);

    public Task<SelectionStep> RescheduleTasksAsync(
        TaskSelection selection, DateTimeOffset processAt, Paging? step = null,
        CancellationToken cancellationToken = default) => ChangeAsync(
        TaskVerb.Reschedule, selection, step, (database, batch) => RescheduleAsync(database, batch, processAt),
        cancellationToken);

    public async Task<SelectionStep> CancelTasksAsync(
        TaskSelection selection, Paging? step = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.TaskId is not { } taskId)
        {
            return await ChangeAsync(TaskVerb.Cancel, selection, step, CancelAsync, cancellationToken)
                .ConfigureAwait(false);
        }

        await store.PublishCancellationAsync(taskId).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new SelectionStep(1);
    }

    public Task<SelectionStep> UpdatePayloadsAsync(
        TaskSelection selection, Func<TaskInfo, ReadOnlyMemory<byte>?> change, Paging? step = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(change);

        return selection.TaskId is { } taskId
            ? UpdateOneAsync(selection.Queue, taskId, change, cancellationToken)
            : ChangeAsync(
                TaskVerb.UpdatePayload, selection, step, (database, batch) => UpdateAsync(database, batch, change),
                cancellationToken);
    }

    /// <summary>For changes that take tasks out of their container. A whole container is taken from its front, in
    /// order; all other selections are scanned.</summary>
    private Task<SelectionStep> ChangeFirstAsync(
        TaskVerb verb, TaskSelection selection, Paging? step, BatchAction change,
        CancellationToken cancellationToken) =>
        selection is { TaskId: null, Filter: null }
            ? ChangeInOrderAsync(verb, selection, step, change, cancellationToken)
            : ChangeAsync(verb, selection, step, change, cancellationToken);

    private async Task<SelectionStep> ChangeAsync(
        TaskVerb verb, TaskSelection selection, Paging? step, BatchAction change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.TaskId is not { } taskId)
        {
            verb.Require(selection.State!.Value);
            return await ForMatchesAsync(selection, step, change, cancellationToken).ConfigureAwait(false);
        }

        var database = await OpenAsync(selection.Queue, cancellationToken).ConfigureAwait(false);
        var batch = new TaskBatch(selection.Queue, [new StoredTask(taskId, null)]);
        var result = await change(database, batch).WaitAsync(cancellationToken).ConfigureAwait(false);

        return result.ToStep(selection.Queue, taskId, verb);
    }

    /// <summary>Takes tasks out of a container from its front: as many as the container had when the first step began.
    /// Tasks that are added meanwhile (also by a worker that fails a task again) are not counted.</summary>
    private async Task<SelectionStep> ChangeInOrderAsync(
        TaskVerb verb, TaskSelection selection, Paging? step, BatchAction change, CancellationToken cancellationToken)
    {
        var container = TaskContainer.Of(selection);
        verb.Require(container.State);
        step?.RequireFirstPage();
        var progress = FrontProgress.Parse(step?.Cursor);
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        progress ??= new FrontProgress(
            await CountIdsAsync(database, container).WaitAsync(cancellationToken).ConfigureAwait(false), Kept: 0);
        var (left, kept) = progress;
        var (count, trimmed, examined, most) = (0L, 0L, 0L, step?.Size ?? long.MaxValue);
        while (left > 0 && examined < most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ids = await ReadIdsAsync(database, container, kept, kept + Math.Min(left, BatchSize) - 1)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (ids.Count == 0)
            {
                return new SelectionStep(count) { Trimmed = trimmed };
            }

            var result = await change(database, new TaskBatch(container.Queue, ids) { From = container })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            (count, kept, trimmed) = (count + result.Count, kept + result.Kept, trimmed + result.Trimmed);
            (left, examined) = (left - ids.Count, examined + ids.Count);
        }

        return new SelectionStep(count, left > 0 ? new FrontProgress(left, kept).ToString() : null)
        {
            Trimmed = trimmed,
        };
    }

    /// <summary>Scans a container and hands the tasks that match the filter to an action.</summary>
    private async Task<SelectionStep> ForMatchesAsync(
        TaskSelection selection, Paging? step, BatchAction action, CancellationToken cancellationToken)
    {
        step?.RequireFirstPage();
        var container = TaskContainer.Of(selection);
        var matcher = new TaskMatcher(container.State, selection.Filter, time.GetUtcNow());
        var database = await OpenAsync(container.Queue, cancellationToken).ConfigureAwait(false);
        var scanner = new TaskScanner(database, container, step?.Cursor);
        var (count, trimmed, examined, most) = (0L, 0L, 0L, step?.Size ?? long.MaxValue);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var scan = await scanner.NextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var tasks = await ReadTasksAsync(database, container, scan.Ids, cancellationToken).ConfigureAwait(false);
            foreach (var matches in tasks.FindAll(matcher.Matches).Chunk(BatchSize))
            {
                var batch = new TaskBatch(container.Queue, matches) { From = container, Scan = scan };
                var result = await action(database, batch).WaitAsync(cancellationToken).ConfigureAwait(false);
                scanner.Forget(result.Count);
                (count, trimmed) = (count + result.Count, trimmed + result.Trimmed);
            }

            examined += scan.Ids.Count;
        }
        while (scanner.Cursor is not null && examined < most);

        return new SelectionStep(count, scanner.Cursor) { Trimmed = trimmed };
    }

    private async Task<SelectionStep> UpdateOneAsync(
        string queue, string taskId, Func<TaskInfo, ReadOnlyMemory<byte>?> change,
        CancellationToken cancellationToken)
    {
        var database = await OpenAsync(queue, cancellationToken).ConfigureAwait(false);
        BatchResult result;

        // Repeat if another client changed the message between reading and writing.
        do
        {
            var task = await ReadScheduledAsync(database, queue, taskId, cancellationToken).ConfigureAwait(false);
            result = new BatchResult(0, State: task.State);
            if (task.State == TaskState.Scheduled)
            {
                if (change(task.ToInfo(queue, TaskState.Scheduled, time.GetUtcNow())) is not { } payload)
                {
                    return new SelectionStep(0);
                }

                result = await UpdateAsync(database, queue, [PayloadChange.Create(task, payload)])
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (result is { Count: 0, State: TaskState.Scheduled });

        return result.ToStep(queue, taskId, TaskVerb.UpdatePayload);
    }

    /// <summary>How far a change has got through a container that it empties from the front; the cursor of such a
    /// change.</summary>
    /// <param name="Left">Number of tasks still to be examined.</param>
    /// <param name="Kept">Number of examined tasks that stay in front of the others.</param>
    private sealed record FrontProgress(long Left, long Kept)
    {
        public static FrontProgress? Parse(string? cursor) => cursor?.Split('-') switch
        {
            null => null,
            [var left, var kept] => new FrontProgress(Paging.ParseCursor(left), Paging.ParseCursor(kept)),
            _ => throw Paging.WrongCursor(cursor),
        };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Left}-{Kept}");
    }
}
