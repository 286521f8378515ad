using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Tasks: putting them into queues, and looking at one.</summary>
internal static class TaskEndpoints
{
    // For the members of a body other than the payload.
    private const int BytesOfOptions = 64 * 1024;

    // The longest wait, and time for Redis to answer.
    private static readonly TimeSpan WaitTimeout = TaskWaits.Longest + TimeSpan.FromSeconds(30);

    public static RouteGroupBuilder MapTasks(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value;
        var maxBodyBytes = (limits.MaxPayloadBytes / 3 * 4L) + BytesOfOptions; // base64: 4 characters for 3 bytes
        var group = routes.MapGroup("/api/tasks").WithTags("Tasks").AddEndpointFilter<NamesFilter>();
        group.MapPost("", EnqueueAsync).WithSummary("Puts a task into a queue.")
            .WithJsonBody<EnqueueTaskRequest>(maxBodyBytes)
            .WithHeader(
                EnqueueTaskRequest.IdempotencyKey,
                "The id of the task. A request that is repeated with it is answered with the task that is there; " +
                "another task with that id is a conflict. It is forgotten with the task: give it a retention.")
            .RequireAuthorization(Scopes.TasksEnqueue);
        group.MapGet("/{queue}/{id}", GetAsync).WithSummary("One task: state, attempts, last error, result.")
            .RequireAuthorization(Scopes.TasksRead).WithRequestTimeout(WaitTimeout);
        group.MapTaskActions(maxBodyBytes);
        return group;
    }

    // Answers that the results do not name (400, 403, 409, 413, 415, 503) come from exceptions.
    private static async Task<Accepted<TaskResponse>> EnqueueAsync(
        HttpContext http, IQueueClient client, QueueReader queues, IOptions<ApiOptions> options,
        CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<EnqueueTaskRequest>(http.Request, cancellationToken);
        var key = http.Request.Headers[EnqueueTaskRequest.IdempotencyKey];
        var task = body.Read(key.Count > 0 ? key.ToString() : null, options.Value.MaxPayloadBytes);
        var caller = new Caller(http.User);
        caller.DemandQueue(task.Options?.Queue ?? EnqueueOptions.DefaultQueue);
        caller.DemandType(task.Type);
        var stored = await BadQuery.NameAsync(() => key.Count > 0
            ? EnqueueOnceAsync(task, client, queues, cancellationToken)
            : client.EnqueueAsync(task, options: null, cancellationToken));

        return TypedResults.Accepted(TaskUrl.Of(stored.Queue, stored.Id), TaskResponse.From(stored));
    }

    // A request that is sent again has the id of its first task: the answer is that task.
    private static async Task<TaskInfo> EnqueueOnceAsync(
        QueueTask task, IQueueClient client, QueueReader queues, CancellationToken cancellationToken)
    {
        Exception refusal;
        string queue;
        try
        {
            return await client.EnqueueAsync(task, options: null, cancellationToken);
        }
        catch (TaskIdConflictException conflict)
        {
            (refusal, queue) = (conflict, conflict.Queue);
        }
        catch (DuplicateTaskException duplicate) when (duplicate.ExistingTaskId == task.Options?.TaskId)
        {
            (refusal, queue) = (duplicate, duplicate.Queue);
        }

        var existing = await queues.FindTaskAsync(queue, task.Options!.TaskId!, cancellationToken);
        if (existing is null || existing.Type != task.Type
            || !Bytes(existing.Payload).SequenceEqual(Bytes(task.Payload)))
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        return existing;
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlyMemory<byte>? payload) => payload.GetValueOrDefault().Span;

    private static async Task<Results<Ok<TaskResponse>, ProblemHttpResult>> GetAsync(
        string queue, string id, string? wait, HttpContext http, QueueReader queues, TaskWaits waits,
        PayloadView payloads, CancellationToken cancellationToken)
    {
        var patience = ReadWait(wait);
        if (await queues.FindTaskAsync(queue, id, cancellationToken) is not { } found)
        {
            return TypedResults.Problem(
                $"Queue \"{queue}\" has no task \"{id}\". Tasks that succeeded are gone unless they have a retention.",
                statusCode: StatusCodes.Status404NotFound);
        }

        return (patience is { } time ? await waits.WaitAsync(found, time, cancellationToken) : found) is { } task
            ? TypedResults.Ok(payloads.Show(task, new Caller(http.User)))
            : TypedResults.Problem(
                $"Task \"{id}\" of queue \"{queue}\" has ended and is gone: it succeeded and has no retention, or it " +
                "was deleted.",
                statusCode: StatusCodes.Status410Gone);
    }

    private static TimeSpan? ReadWait(string? wait)
    {
        var errors = new FieldErrors();
        var patience = FieldValues.Duration("wait", wait, TimeSpan.Zero, errors);
        if (patience > TaskWaits.Longest)
        {
            errors.Add("wait", $"must be at most {TaskWaits.Longest.TotalSeconds}s");
        }

        errors.ThrowIfAny();
        return patience;
    }
}
