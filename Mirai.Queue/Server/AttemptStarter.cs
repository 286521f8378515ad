using Microsoft.Extensions.Logging;
using Mirai.Queue.Broker;
using Mirai.Queue.Protocol;
using Mirai.Queue.Server.Components;
using Mirai.Queue.Telemetry;

namespace Mirai.Queue.Server;

/// <summary>Puts taken tasks into slots and sets them going.</summary>
internal sealed partial class AttemptStarter(
    AttemptRunner runner, AttemptPolicy policy, RunningTasks running, DeadlineTimer deadlines, Syncer syncer,
    AttemptServices services, QueueMetrics metrics, TimeProvider time, ILogger<AttemptStarter> logger)
{
    /// <summary>Starts tasks; there must be slots for all of them. One whose message cannot be read is set aside.</summary>
    /// <returns>How many were started.</returns>
    public int Start(string queue, IReadOnlyList<TakenTask> tasks, long leaseExpiry)
    {
        var now = time.GetUtcNow();
        var started = 0;
        foreach (var task in tasks)
        {
            if (task.Message is not { } message)
            {
                SetAside(queue, task.Id, leaseExpiry);
                continue;
            }

            if (metrics.MeasuresPickUp && task.PendingSince > 0)
            {
                metrics.PickedUp(queue, now - WireTime.FromUnixNanoseconds(task.PendingSince));
            }

            Start(new TaskAttempt(queue, message, leaseExpiry, now, services));
            started++;
        }

        return started;
    }

    private void Start(TaskAttempt attempt)
    {
        running.Add(attempt);
        deadlines.Watch(attempt);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.runner.RunAsync(state.attempt), (runner, attempt), preferLocal: false);
    }

    private void SetAside(string queue, string taskId, long leaseExpiry)
    {
        metrics.SetAside(queue, 1);
        LogSetAside(logger, taskId, queue);
        syncer.Submit(policy.SetAside(new TaskLease(queue, taskId, leaseExpiry)));
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The message of task {TaskId} of queue {Queue} cannot be read; it goes to the archive as it is")]
    private static partial void LogSetAside(ILogger logger, string taskId, string queue);
}
