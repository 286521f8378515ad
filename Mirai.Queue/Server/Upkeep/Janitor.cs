using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Deletes completed tasks past their retention, and archived ones beyond age and number. In small steps, so
/// that no single one holds Redis up.</summary>
internal sealed partial class Janitor(
    IQueueStore store, ServedQueues queues, QueueServerOptions options, QueueMetrics metrics, RedisRetry retry,
    TimeProvider time, ILogger<Janitor> logger)
    : PeriodicComponent(options.JanitorInterval, startsAtOnce: false, retry, time, logger)
{
    private readonly ILogger logger = logger;

    /// <summary>A task was archived: it may be one too many.</summary>
    public void OnArchived() => RunNow();

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in queues.Names)
        {
            await RepeatAsync(store.DeleteExpiredCompletedAsync, queue, cancellationToken).ConfigureAwait(false);
            var trimmed = await RepeatAsync(store.TrimArchiveAsync, queue, cancellationToken).ConfigureAwait(false);
            if (trimmed > 0)
            {
                metrics.Trimmed(queue, trimmed);
                LogTrimmed(logger, trimmed, queue);
            }
        }
    }

    private async Task<long> RepeatAsync(
        Func<string, int, Task<int>> step, string queue, CancellationToken cancellationToken)
    {
        var total = 0L;
        int deleted;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            deleted = await step(queue, options.JanitorBatchSize).ConfigureAwait(false);
            total += deleted;
        }
        while (deleted >= options.JanitorBatchSize);

        return total;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Dropped {Count} archived tasks of queue {Queue}: too old or too many")]
    private static partial void LogTrimmed(ILogger logger, long count, string queue);
}
