using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Taking;

/// <summary>Looks for queues of the patterns in the settings: at an interval, and at once when a queue that is not
/// served yet sends a signal. A queue that was deleted is served no longer.</summary>
internal sealed partial class QueueWatcher(
    IQueueStore store, ServedQueues queues, TimeSpan interval, RedisHealth health, TimeProvider time,
    ILogger<QueueWatcher> logger) : Loop(health, time, logger)
{
    private readonly ILogger logger = logger;
    private bool hasAskedRedis;

    internal override bool HasAskedRedis => hasAskedRedis;

    /// <summary>Looks at once: there may be a new queue.</summary>
    public void LookNow() => RunNow();

    internal override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        hasAskedRedis = queues.Current.HasPatterns;
        if (hasAskedRedis
            && queues.SetExisting(await store.ListQueuesAsync().ConfigureAwait(false)))
        {
            LogChanged(logger, queues.Names);
        }

        return queues.Current.HasPatterns ? interval : Timeout.InfiniteTimeSpan;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Queues of a pattern were created or deleted; the server now serves {Queues}")]
    private static partial void LogChanged(ILogger logger, IReadOnlyList<string> queues);
}
