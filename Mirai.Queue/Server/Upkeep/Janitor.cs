using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Upkeep;

/// <summary>Deletes completed tasks past their retention, and archived tasks beyond the archive's age and size. In
/// small batches, so that no script call blocks Redis for long.</summary>
internal sealed partial class Janitor(
    IQueueStore store, ServedQueues queues, QueueServerOptions options, QueueMetrics metrics, RedisHealth health,
    TimeProvider time, ILogger<Janitor> logger)
    : QueueUpkeep(queues, options.JanitorInterval, health, time, logger)
{
    private readonly ILogger logger = logger;

    protected override TimeSpan FirstPause => Interval;

    protected override int MostVisits => 50;

    /// <summary>A task was archived: the archive may be over its size now.</summary>
    public void OnArchived(string queue) => Expect(queue, Time.GetUtcNow());

    protected override Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> names) =>
        store.FindUsedAsync(names, QueueUse.Retention);

    protected override async Task<DateTimeOffset?> RunQueueAsync(string queue, CancellationToken cancellationToken)
    {
        await RepeatAsync(store.DeleteExpiredCompletedAsync, queue, cancellationToken).ConfigureAwait(false);
        var trimmed = await RepeatAsync(store.TrimArchiveAsync, queue, cancellationToken).ConfigureAwait(false);
        if (trimmed > 0)
        {
            metrics.Trimmed(queue, trimmed);
            LogTrimmed(logger, trimmed, queue);
        }

        return null;
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
        Message = "Deleted {Count} archived tasks of queue {Queue}: the archive was over its size or age limit")]
    private static partial void LogTrimmed(ILogger logger, long count, string queue);
}
