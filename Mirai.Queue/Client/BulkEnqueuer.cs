using Mirai.Queue.Store;

namespace Mirai.Queue.Client;

/// <summary>Sends many tasks: cut into script calls, one after the other for each route, so that tasks keep their
/// order; a few routes at a time.</summary>
internal sealed class BulkEnqueuer(IQueueStore store, EnqueueRepeater repeater, TimeSpan timeout, TimeProvider time)
{
    private const int MostRoutesAtOnce = 4;

    /// <summary>Settles every item, or records why it is not known to be stored. Throws nothing of Redis'.</summary>
    public async Task SendAsync(IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<NewTask, Exception>();
        var batches = EnqueueBatches.Cut(items.Where(item => item.NewTask is not null).Select(item => item.NewTask!));
        foreach (var routes in batches.GroupBy(batch => batch.Route, batch => batch.Tasks).Chunk(MostRoutesAtOnce))
        {
            await Task.WhenAll(routes.Select(route => SendRouteAsync(route.Key, route, errors, cancellationToken)))
                .ConfigureAwait(false);
        }

        foreach (var item in items)
        {
            item.Error ??= item.NewTask is null ? null : errors.GetValueOrDefault(item.NewTask);
        }
    }

    private async Task SendRouteAsync(
        EnqueueRoute route, IEnumerable<List<NewTask>> batches, Dictionary<NewTask, Exception> errors,
        CancellationToken cancellationToken)
    {
        foreach (var tasks in batches)
        {
            await SendBatchAsync(route, tasks, errors, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendBatchAsync(
        EnqueueRoute route, List<NewTask> tasks, Dictionary<NewTask, Exception> errors,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await store.EnqueueAsync(route, tasks).WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.IsTransient(exception))
        {
            await RepeatAsync(tasks, exception, started, errors, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Record(tasks, exception, errors);
        }
    }

    private async Task RepeatAsync(
        List<NewTask> tasks, Exception cause, long started, Dictionary<NewTask, Exception> errors,
        CancellationToken cancellationToken)
    {
        try
        {
            await repeater.RepeatAsync(tasks, cause, started, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Record(tasks, exception, errors);
        }
    }

    private static void Record(List<NewTask> tasks, Exception exception, Dictionary<NewTask, Exception> errors)
    {
        lock (errors)
        {
            foreach (var task in tasks.Where(task => task.Status == EnqueueStatus.Unknown))
            {
                errors[task] = exception;
            }
        }
    }
}
