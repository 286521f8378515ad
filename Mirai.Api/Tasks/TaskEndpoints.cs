using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.OpenApi;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Tasks: putting them into queues, and looking at one.</summary>
internal static class TaskEndpoints
{
    private const string IdempotencyKey = "Idempotency-Key";

    // What a body holds beside the payload.
    private const int BytesOfOptions = 64 * 1024;

    // Beyond the longest wait, for Redis to answer.
    private static readonly TimeSpan WaitTimeout = TaskWaits.Longest + TimeSpan.FromSeconds(30);

    public static RouteGroupBuilder MapTasks(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value;
        var group = routes.MapGroup("/api/tasks").WithTags("Tasks").AddEndpointFilter<NamesFilter>();
        group.MapPost("", EnqueueAsync).WithSummary("Puts a task into a queue.")
            .WithJsonBody<EnqueueTaskRequest>()
            .WithHeader(
                IdempotencyKey,
                "The id of the task. A request that is repeated with it is answered with the task that is there; " +
                "another task with that id is a conflict. It is forgotten with the task: give it a retention.")
            .RequireAuthorization(Scopes.TasksEnqueue).WithBodyLimit(MaxBodyBytes(limits));
        group.MapGet("/{queue}/{id}", GetAsync).WithSummary("One task: state, attempts, last error, result.")
            .RequireAuthorization(Scopes.TasksRead).WithRequestTimeout(WaitTimeout);
        group.MapTaskActions(MaxBodyBytes(limits));
        return group;
    }

    // Base64 has 4 characters for 3 bytes.
    public static long MaxBodyBytes(ApiOptions limits) => (limits.MaxPayloadBytes / 3 * 4L) + BytesOfOptions;

    // The answer's other forms (400, 403, 409, 413, 415, 503) come from the exceptions that client and reader throw.
    private static async Task<Accepted<TaskResponse>> EnqueueAsync(
        HttpContext http, TaskIntake intake, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        http.Request.LimitBody(MaxBodyBytes(options.Value));
        var body = await JsonBody.ReadAsync(http.Request, ApiJson.Default.EnqueueTaskRequest, cancellationToken);
        var key = http.Request.Headers[IdempotencyKey];
        var task = new EnqueueTaskReader(
            WithKey(body, key.Count > 0 ? key.ToString() : null), options.Value.MaxPayloadBytes)
            .Read();
        var caller = new Caller(http.User);
        caller.DemandQueue(task.Options?.Queue ?? EnqueueOptions.DefaultQueue);
        caller.DemandType(task.Type);
        var stored = await intake.EnqueueAsync(task, key.Count > 0, cancellationToken);

        return TypedResults.Accepted(TaskUrl.Of(stored.Queue, stored.Id), TaskResponse.From(stored));
    }

    private static EnqueueTaskRequest WithKey(EnqueueTaskRequest body, string? key)
    {
        if (key is null)
        {
            return body;
        }

        var errors = new FieldErrors();
        FieldValues.Name(IdempotencyKey, key, errors);
        if (body.TaskId is not null && body.TaskId != key)
        {
            errors.Add("taskId", $"must be the {IdempotencyKey}, or be left out");
        }

        errors.ThrowIfAny();
        return body with { TaskId = key };
    }

    private static async Task<Results<Ok<TaskResponse>, ProblemHttpResult>> GetAsync(
        string queue, string id, string? wait, HttpContext http, QueueReader queues, TaskWaits waits,
        PayloadView payloads,
        CancellationToken cancellationToken)
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
                $"Task \"{id}\" of queue \"{queue}\" has ended and is gone: it succeeded and has no retention, or it was " +
                "deleted.",
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
