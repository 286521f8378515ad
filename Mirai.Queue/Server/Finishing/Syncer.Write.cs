using Microsoft.Extensions.Logging;
using Mirai.Queue.Store;

namespace Mirai.Queue.Server.Finishing;

/// <content>The write of one batch: repeated while Redis is away, divided when Redis refuses a part.</content>
internal sealed partial class Syncer
{
    private static readonly TimeSpan RefusalInterval = TimeSpan.FromMinutes(1);

    private async Task WriteAsync(QueueWrites queue, FinishedTask[] tasks)
    {
        IReadOnlyList<int> lost;
        int attempts;
        try
        {
            (lost, attempts) = await SendAsync(queue.Name, tasks).ConfigureAwait(false);
        }
        catch (Exception exception) when (!givingUp.IsCancellationRequested)
        {
            await WriteOneByOneAsync(queue, tasks, exception).ConfigureAwait(false);
            return;
        }

        // A refusal of a repeated write proves nothing: the first write may have run although its reply was lost.
        var certainlyLost = attempts == 1 ? lost.ToHashSet() : [];
        for (var i = 0; i < tasks.Length; i++)
        {
            Report(tasks[i], certainlyLost.Contains(i));
        }
    }

    private async Task<(IReadOnlyList<int> Lost, int Attempts)> SendAsync(string queue, FinishedTask[] tasks)
    {
        for (var failures = 0; ; failures++)
        {
            givingUp.Token.ThrowIfCancellationRequested();
            try
            {
                Pulse.Beat(TimeSpan.Zero);
                var lost = await store.FinishAsync(queue, tasks).ConfigureAwait(false);
                health.Succeeded();
                faults.Succeeded(queue);

                return (lost, failures + 1);
            }
            catch (Exception exception) when (RedisFaults.IsAway(exception))
            {
                LogAway(queue, failures, exception);
            }

            await health.BackOffAsync(failures, givingUp.Token).ConfigureAwait(false);
        }
    }

    // Redis answered somebody else since the last failure: only a part of Redis is away, and its queue has a log line
    // of its own.
    private void LogAway(string queue, int failures, Exception exception)
    {
        if (failures == 0 || health.AwaySince is not null)
        {
            health.Failed(exception);
        }
        else
        {
            faults.Failed(queue, $"Writing the outcomes of queue {queue}", exception);
        }
    }

    private void Report(FinishedTask task, bool isRefused)
    {
        try
        {
            onWritten(task, isRefused);
        }
        catch (Exception bug)
        {
            LogReportBug(logger, task.Lease.TaskId, task.Lease.Queue, bug);
        }
    }

    // Redis refuses a part of the batch, and a repetition would not help. One by one, the other outcomes are written.
    // The lease of the refused task is renewed no longer, so a recoverer takes the task back.
    private async Task WriteOneByOneAsync(QueueWrites queue, FinishedTask[] tasks, Exception exception)
    {
        if (tasks.Length == 1)
        {
            LogLost(queue, tasks[0].Lease.TaskId, exception);
            return;
        }

        foreach (var task in tasks)
        {
            await WriteAsync(queue, [task]).ConfigureAwait(false);
        }
    }

    // Each task of a queue with a broken key may be refused: a line a minute.
    private void LogLost(QueueWrites queue, string taskId, Exception exception)
    {
        if (!RedisFaults.IsRedis(exception))
        {
            LogWriteBug(logger, taskId, queue.Name, exception);
            return;
        }

        var now = clock.GetUtcNow();
        if (now - queue.RefusalLogged < RefusalInterval)
        {
            queue.Refusals++;
            return;
        }

        LogRefused(logger, taskId, queue.Name, queue.Refusals, exception);
        (queue.Refusals, queue.RefusalLogged) = (0, now);
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Redis refuses the outcome of task {TaskId} of queue {Queue}, as it did for {Count} tasks since " +
            "the last such line; the task is recovered and runs again when its lease has run out. Check the memory of " +
            "Redis (maxmemory), the type of the queue's keys and the permissions of the Redis user")]
    private static partial void LogRefused(
        ILogger logger, string taskId, string queue, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The outcome of task {TaskId} of queue {Queue} could not be written because of a bug in Mirai; " +
            "the task is recovered and runs again when its lease has run out. Report the exception")]
    private static partial void LogWriteBug(ILogger logger, string taskId, string queue, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The outcome of task {TaskId} of queue {Queue} is written, but what follows from it failed " +
            "because of a bug in Mirai. Report the exception")]
    private static partial void LogReportBug(ILogger logger, string taskId, string queue, Exception exception);
}
