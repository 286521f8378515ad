using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;
using Mirai.Queue;

namespace Mirai.Platform.Tasks;

/// <summary>Looks where tasks are that went through the outbox.</summary>
internal sealed class TaskFates(IQueueInspector inspector)
{
    private const string Queue = "default";

    /// <summary>Looks for one task.</summary>
    /// <exception cref="StackExchange.Redis.RedisException">Redis does not answer: nobody knows.</exception>
    public async Task<TaskFate> FindAsync(MiraiDbContext context, Guid taskId, CancellationToken cancellationToken)
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
            null or TaskState.Completed => TaskFate.Gone,
            TaskState.Archived => TaskFate.GivenUp,
            _ => TaskFate.Alive,
        };
    }
}
