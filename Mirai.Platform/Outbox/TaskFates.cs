using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Queue;

namespace Mirai.Platform.Outbox;

/// <summary>What became of the task that is to work on a row.</summary>
internal enum TaskFate
{
    /// <summary>The task waits in the outbox or in its queue, or it runs.</summary>
    Alive,

    /// <summary>The task is in the archive (its retries are used up, or a person archived it), or it is the last of
    /// too many tasks that got lost.</summary>
    GivenUp,

    /// <summary>The task is lost, or it is completed and its work is not done: the row needs a new task.</summary>
    Lost,
}

/// <summary>Finds out what became of tasks that went through the outbox.</summary>
internal sealed class TaskFates(IQueueInspector inspector)
{
    private const string Queue = "default";

    // A row whose task got lost that often kills its workers.
    private const int MostTasks = 5;

    /// <summary>Looks for one task.</summary>
    /// <param name="context">The database.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="tasks">How many tasks the row has had, this one included.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StackExchange.Redis.RedisException">Redis does not answer, so the fate is unknown.</exception>
    public async Task<TaskFate> FindAsync(
        MiraiDbContext context, Guid taskId, int tasks, CancellationToken cancellationToken)
    {
        var waits = await context.Outbox.AnyAsync(
            row => row.Id == taskId && row.PublishedAt == null && row.Error == null, cancellationToken);
        if (waits)
        {
            return TaskFate.Alive;
        }

        var task = await inspector.FindTaskAsync(Queue, taskId.ToString(), cancellationToken);
        return task?.State switch
        {
            null or TaskState.Completed => tasks < MostTasks ? TaskFate.Lost : TaskFate.GivenUp,
            TaskState.Archived => TaskFate.GivenUp,
            _ => TaskFate.Alive,
        };
    }
}
