using Microsoft.Extensions.Logging;
using Mirai.Queue.Server.Finishing;
using Mirai.Queue.Server.Taking;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Puts taken tasks into slots and sets them going.</summary>
internal sealed partial class AttemptStarter(
    AttemptRunner runner, AttemptPolicy policy, RunningTasks running, DeadlineTimer deadlines, Syncer syncer,
    AttemptServices services, QueueMetrics metrics, TimeProvider time, ILogger<AttemptStarter> logger)
{
    /// <summary>Starts tasks; there must be slots for all of them. One whose message cannot be read is set aside, one
    /// whose type is at its limit is put off.</summary>
    /// <returns>How many were started, how many were put off.</returns>
    public (int Started, int PutOff) Start(
        ServedQueue queue, IReadOnlyList<TakenTask> tasks, long leaseExpiry, TypeLimits? types)
    {
        var now = time.GetUtcNow();
        var (started, putOff) = (0, 0);
        foreach (var task in tasks)
        {
            if (task.Message is not { } message)
            {
                SetAside(new TaskLease(queue.Name, task.Id, leaseExpiry, task.Member));
                continue;
            }

            var limit = types?.Find(message.Type);
            if (limit?.TryEnter() == false)
            {
                PutOff(new PutOffLease(queue.Name, task, leaseExpiry, limit));
                putOff++;
                continue;
            }

            if (metrics.MeasuresPickUp && task.PendingSince > 0)
            {
                metrics.PickedUp(queue.Name, now - WireTime.FromUnixNanoseconds(task.PendingSince));
            }

            queue.Limit.Enter();
            var attempt = new TaskAttempt(queue.Name, message, leaseExpiry, now, services, task.Member);
            Start(attempt, queue.Limit, limit);
            started++;
        }

        return (started, putOff);
    }

    private void Start(TaskAttempt attempt, ConcurrencyLimit queueLimit, TypeLimit? typeLimit)
    {
        running.Add(attempt, queueLimit, typeLimit);
        deadlines.Watch(attempt);
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.runner.RunAsync(state.attempt), (runner, attempt), preferLocal: false);
    }

    private void PutOff(PutOffLease lease)
    {
        metrics.Deferred(lease.Queue, 1);
        syncer.Submit(AttemptPolicy.PutOff(lease, lease.Limit.NextDue()));
    }

    private void SetAside(TaskLease lease)
    {
        metrics.Quarantined(lease.Queue, 1);
        LogSetAside(logger, lease.TaskId, lease.Queue);
        syncer.Submit(policy.SetAside(lease));
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The message of task {TaskId} of queue {Queue} cannot be read; it goes to the archive as it is")]
    private static partial void LogSetAside(ILogger logger, string taskId, string queue);
}
