using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.OpenApi;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>What operators do to one task. That it is not there (404) or cannot be done now (409) comes from
/// exceptions.</summary>
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
        tasks.MapPut("/payload", UpdatePayloadAsync).WithJsonBody<PayloadRequest>().WithBodyLimit(maxBodyBytes)
            .WithSummary("Gives a scheduled task another payload.");
        tasks.MapDelete("", DeleteAsync).WithSummary("Deletes a task that does not run.");
    }

    private static Task<NoContent> RunAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.run", (inspector, task, token) => inspector.RunTasksAsync(task, null, token));

    private static Task<NoContent> ArchiveAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.archive", (inspector, task, token) => inspector.ArchiveTasksAsync(task, null, token));

    private static Task<NoContent> DeleteAsync(HttpContext http, TaskActions actions) => actions.DoAsync(
        http, "task.delete", (inspector, task, token) => inspector.DeleteTasksAsync(task, null, token));

    // Workers listen for ids alone: that of a task in another queue must not be cancelled by its namesake here.
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
        var body = await JsonBody.ReadAsync(http.Request, ApiJson.Default.RescheduleRequest, cancellationToken);
        var due = body.ReadDue(time);

        return await actions.DoAsync(
            http, "task.reschedule", (inspector, task, token) => inspector.RescheduleTasksAsync(
                task, due, null, token));
    }

    private static async Task<NoContent> UpdatePayloadAsync(
        HttpContext http, TaskActions actions, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        http.Request.LimitBody(TaskEndpoints.MaxBodyBytes(options.Value));
        var body = await JsonBody.ReadAsync(http.Request, ApiJson.Default.PayloadRequest, cancellationToken);
        var payload = body.Read(options.Value.MaxPayloadBytes);

        return await actions.DoAsync(
            http, "task.payload", (inspector, task, token) => inspector.UpdatePayloadsAsync(
                task, _ => payload, null, token));
    }
}
