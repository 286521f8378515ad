using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Upkeep;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Looks for queues that the patterns of the settings stand for: now and then, and at once when a queue
/// speaks up that is not served yet. One that was deleted is served no longer.</summary>
internal sealed partial class QueueWatcher(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisRetry retry, TimeProvider time,
    ILogger<QueueWatcher> logger) : PeriodicComponent(interval, startsAtOnce: true, retry, time, logger)
{
    private readonly TimeSpan interval = interval;
    private readonly ILogger logger = logger;

    protected override TimeSpan Pause => queues.HasPatterns ? interval : Timeout.InfiniteTimeSpan;

    /// <summary>There may be a new queue.</summary>
    public void LookNow() => RunNow();

    internal override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (queues.HasPatterns && queues.Found(await store.ListQueuesAsync().ConfigureAwait(false)))
        {
            LogChanged(logger, queues.Names);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queues came or went; serving {Queues}")]
    private static partial void LogChanged(ILogger logger, IReadOnlyList<string> queues);
}
