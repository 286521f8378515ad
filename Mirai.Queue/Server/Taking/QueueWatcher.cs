using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Looks for queues that the patterns of the settings stand for: now and then, and at once when a queue
/// speaks up that is not served yet. One that was deleted is served no longer.</summary>
internal sealed partial class QueueWatcher(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisHealth health, TimeProvider time,
    ILogger<QueueWatcher> logger) : Loop(health, time, logger)
{
    private readonly ILogger logger = logger;

    /// <summary>There may be a new queue.</summary>
    public void LookNow() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (queues.HasPatterns && queues.Found(await store.ListQueuesAsync().ConfigureAwait(false)))
        {
            LogChanged(logger, queues.Names);
        }

        return queues.HasPatterns ? interval : Timeout.InfiniteTimeSpan;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queues came or went; serving {Queues}")]
    private static partial void LogChanged(ILogger logger, IReadOnlyList<string> queues);
}
