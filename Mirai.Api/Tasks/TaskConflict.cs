using Microsoft.AspNetCore.Mvc;
using Mirai.Api.Queues;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Api.Tasks;

/// <summary>What a producer is told whose task is refused because of another one: which, and where it is.</summary>
internal sealed class TaskConflict(QueueReader queues)
{
    public Task<ProblemDetails> DescribeAsync(DuplicateTaskException exception, CancellationToken cancellationToken) =>
        DescribeAsync(
            "An equal task (same queue, type and payload) holds the uniqueness lock.",
            exception.Queue, exception.ExistingTaskId, cancellationToken);

    public Task<ProblemDetails> DescribeAsync(
        TaskIdConflictException exception, CancellationToken cancellationToken) =>
        DescribeAsync(
            $"Queue \"{exception.Queue}\" already has a task with the id \"{exception.TaskId}\".",
            exception.Queue, exception.TaskId, cancellationToken);

    private async Task<ProblemDetails> DescribeAsync(
        string detail, string queue, string? existingId, CancellationToken cancellationToken)
    {
        var problem = new ProblemDetails { Status = StatusCodes.Status409Conflict, Detail = detail };
        if (existingId is not null)
        {
            var state = await FindStateAsync(queue, existingId, cancellationToken);
            problem.Extensions["task"] = new ExistingTask(existingId, queue, state, TaskUrl.Of(queue, existingId));
        }

        return problem;
    }

    // The refusal is sure; that the state cannot be read now, or ever, does not change it.
    private async Task<TaskState?> FindStateAsync(string queue, string taskId, CancellationToken cancellationToken)
    {
        try
        {
            return (await queues.FindTaskAsync(queue, taskId, cancellationToken))?.State;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidDataException)
        {
            return null;
        }
    }
}
