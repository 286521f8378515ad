using System.Runtime.ExceptionServices;
using Mirai.Api.Queues;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Puts tasks into queues. A request that is sent again with its <c>Idempotency-Key</c>, which is the id of
/// its task, finds the task that is there already.</summary>
internal sealed class TaskIntake(IQueueClient client, QueueReader queues)
{
    /// <summary>Stores a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isRepeatable">It has the id that its sender repeats it with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TaskIdConflictException">Another task has the id.</exception>
    /// <exception cref="DuplicateTaskException">Another task holds the uniqueness lock.</exception>
    public async Task<TaskInfo> EnqueueAsync(QueueTask task, bool isRepeatable, CancellationToken cancellationToken)
    {
        Exception refusal;
        string queue;
        try
        {
            return await client.EnqueueAsync(task, options: null, cancellationToken);
        }
        catch (TaskIdConflictException conflict) when (isRepeatable)
        {
            (refusal, queue) = (conflict, conflict.Queue);
        }
        catch (DuplicateTaskException duplicate)
            when (isRepeatable && duplicate.ExistingTaskId == task.Options?.TaskId)
        {
            (refusal, queue) = (duplicate, duplicate.Queue);
        }

        var existing = await queues.FindTaskAsync(queue, task.Options!.TaskId!, cancellationToken);
        if (existing is null || !IsSame(existing, task))
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        return existing;
    }

    private static bool IsSame(TaskInfo existing, QueueTask task) =>
        existing.Type == task.Type && Bytes(existing.Payload).SequenceEqual(Bytes(task.Payload));

    private static ReadOnlySpan<byte> Bytes(ReadOnlyMemory<byte>? payload) => payload.GetValueOrDefault().Span;
}
