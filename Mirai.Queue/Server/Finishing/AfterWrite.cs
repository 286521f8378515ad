using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Server.Upkeep;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server.Finishing;

/// <summary>What follows from an outcome once it is written.</summary>
internal sealed partial class AfterWrite(
    Forwarder forwarder, Janitor janitor, QueueMetrics metrics, ILogger<AfterWrite> logger)
{
    /// <param name="task">The outcome.</param>
    /// <param name="isLost">It was not written, because the task is somebody else's by now.</param>
    public void OnWritten(FinishedTask task, bool isLost)
    {
        if (isLost)
        {
            metrics.LeaseLost(task.Lease.Queue, 1);
            LogLost(logger, task.Outcome, task.Lease.TaskId, task.Lease.Queue);
        }
        else if (task.Outcome is TaskOutcome.Retry or TaskOutcome.RetryUncounted)
        {
            forwarder.Expect(DateTimeOffset.FromUnixTimeSeconds(task.Score));
            if (task.Lease is PutOffLease putOff)
            {
                // Not before: Redis could not give it back yet.
                putOff.Limit.Remember(putOff.Queue, new WaitingTask(putOff.TaskId, task.Score));
            }
        }
        else if (task.Outcome == TaskOutcome.Archived)
        {
            janitor.OnArchived();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The outcome {Outcome} of task {TaskId} of queue {Queue} does not count: another worker has the " +
            "task")]
    private static partial void LogLost(ILogger logger, TaskOutcome outcome, string taskId, string queue);
}
