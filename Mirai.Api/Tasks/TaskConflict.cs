using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Mirai.Api.Queues;
using Mirai.Queue;
using StackExchange.Redis;

namespace Mirai.Api.Tasks;

/// <summary>Describes the task that is in the way of a new one, to the sender of the new one.</summary>
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

    // The refusal holds whether or not the state of the other task can be read.
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

/// <summary>The task that is in the way of another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Queue">Its queue.</param>
/// <param name="State">Where it is; <see langword="null"/> if the task no longer exists, or Redis does not
/// answer.</param>
/// <param name="Url">Where to look at it.</param>
internal sealed record ExistingTask(
    string Id, string Queue,
    [property: JsonConverter(typeof(CamelCaseEnumConverter<TaskState>))] TaskState? State, string Url);
