using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Actions of operators on one task. Answers that the results do not name (404, 409 for a task in the wrong
/// state) come from exceptions.</summary>
internal static class TaskActionEndpoints
{
    public static void MapTaskActions(this IEndpointRouteBuilder routes, long maxBodyBytes)
    {
        var tasks = routes.MapGroup("/{queue}/{id}").RequireAuthorization(Scopes.TasksManage);
        tasks.MapPost("/run", RunAsync).WithSummary("Moves a task to the end of its queue now.");
        tasks.MapPost("/archive", ArchiveAsync).WithSummary("Moves a task to the archive.");
        tasks.MapPost("/cancel", CancelAsync).WithSummary("Asks the worker that runs a task to cancel it.");
        tasks.MapPost("/reschedule", RescheduleAsync).WithJsonBody<RescheduleRequest>()
            .WithSummary("Gives a scheduled or retried task another due time.");
        tasks.MapPut("/payload", UpdatePayloadAsync).WithJsonBody<PayloadRequest>(maxBodyBytes)
            .WithSummary("Gives a scheduled task another payload.");
        tasks.MapDelete("", DeleteAsync).WithSummary("Deletes a task that does not run.");
    }

    private static Task<NoContent> RunAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.run", (inspector, task, token) => inspector.RunTasksAsync(task, null, token));

    private static Task<NoContent> ArchiveAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.archive", (inspector, task, token) => inspector.ArchiveTasksAsync(task, null, token));

    private static Task<NoContent> DeleteAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.delete", (inspector, task, token) => inspector.DeleteTasksAsync(task, null, token));

    // Workers are told the id alone: check that the task with this id runs in this queue, and not in another one.
    private static async Task<Results<Accepted, ProblemHttpResult>> CancelAsync(
        string queue, string id, HttpContext http, TaskActions actions, CancellationToken cancellationToken)
    {
        if (await actions.FindAsync(queue, id, cancellationToken) is not { } task)
        {
            return TypedResults.Problem(
                $"Queue \"{queue}\" has no task \"{id}\".", statusCode: StatusCodes.Status404NotFound);
        }

        if (task.State != TaskState.Active)
        {
            return TypedResults.Problem(
                $"Task \"{id}\" of queue \"{queue}\" does not run.", statusCode: StatusCodes.Status409Conflict);
        }

        await actions.DoAsync(
            http, "task.cancel", (inspector, one, token) => inspector.CancelTasksAsync(one, null, token));
        return TypedResults.Accepted(TaskUrl.Of(queue, id));
    }

    private static async Task<NoContent> RescheduleAsync(
        HttpContext http, TaskActions actions, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<RescheduleRequest>(http.Request, cancellationToken);
        var due = body.ReadDue(time);

        return await actions.DoAsync(
            http, "task.reschedule", (inspector, task, token) => inspector.RescheduleTasksAsync(
                task, due, null, token));
    }

    private static async Task<NoContent> UpdatePayloadAsync(
        HttpContext http, TaskActions actions, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<PayloadRequest>(http.Request, cancellationToken);
        var payload = body.Read(options.Value.MaxPayloadBytes);

        return await actions.DoAsync(
            http, "task.payload", (inspector, task, token) => inspector.UpdatePayloadsAsync(
                task, _ => payload, null, token));
    }
}

/// <summary>Body of <c>POST /api/tasks/{queue}/{id}/reschedule</c>: one of the two.</summary>
internal sealed record RescheduleRequest
{
    /// <summary>When the task is due, in RFC 3339.</summary>
    public string? ProcessAt { get; init; }

    /// <summary>How long from now the task is due as a Go duration, such as <c>1m30s</c>.</summary>
    public string? ProcessIn { get; init; }

    /// <exception cref="InvalidRequestException">The due time is missing or wrong.</exception>
    public DateTimeOffset ReadDue(TimeProvider time)
    {
        var errors = new FieldErrors();
        if (ProcessAt is null == ProcessIn is null)
        {
            errors.Add("processAt", "either processAt or processIn is required");
        }

        var due = FieldValues.DueTime(ProcessAt, ProcessIn, time, errors);
        errors.ThrowIfAny();
        return due!.Value;
    }
}
