using Mirai.Queue.Broker;

namespace Mirai.Queue.Client;

/// <summary>Sends many tasks: cut into script calls, a few of them on their way at a time.</summary>
internal sealed class BulkEnqueuer(IBroker broker, EnqueueRepeater repeater, TimeSpan timeout, TimeProvider time)
{
    private const int MostCallsAtOnce = 4;

    /// <summary>Settles every item, or records why it is not known to be stored. Throws nothing of Redis'.</summary>
    public async Task SendAsync(IReadOnlyList<BulkItem> items, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<NewTask, Exception>();
        var batches = EnqueueBatches.Cut(items.Where(item => item.NewTask is not null).Select(item => item.NewTask!));
        foreach (var wave in batches.Chunk(MostCallsAtOnce))
        {
            await Task.WhenAll(wave.Select(batch => SendBatchAsync(batch.Route, batch.Tasks, errors, cancellationToken)))
                .ConfigureAwait(false);
        }

        foreach (var item in items)
        {
            item.Error ??= item.NewTask is null ? null : errors.GetValueOrDefault(item.NewTask);
        }
    }

    private async Task SendBatchAsync(
        EnqueueRoute route, List<NewTask> tasks, Dictionary<NewTask, Exception> errors, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await broker.EnqueueAsync(route, tasks).WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
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
