using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Api.Queues;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>The tasks of a queue.</summary>
internal static class TaskListEndpoints
{
    public static RouteGroupBuilder MapTaskLists(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/queues/{queue}/tasks").WithTags("Tasks").AddEndpointFilter<NamesFilter>();
        group.MapGet("", ListAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("One page of the tasks in a state; those that wait in a group by the group's name.");
        group.MapGet("/search", SearchAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("Tasks in a state by type, error and age, some at a time.");
        group.MapPost("/bulk", BulkEndpoint.RunAsync).RequireAuthorization(Scopes.TasksManage)
            .WithJsonBody<BulkRequest>()
            .WithSummary(
                "Runs, archives, deletes, cancels or reschedules tasks by type, error and age, some at a time.");
        return group;
    }

    private static async Task<Ok<List<TaskResponse>>> ListAsync(
        string queue, [AsParameters] TaskListQuery query, HttpContext http, QueueReader queues, PayloadView payloads)
    {
        var (selection, page) = query.Read(queue);
        var tasks = await queues.AskAsync(
            (inspector, token) => inspector.ListTasksAsync(selection, page, token), http.RequestAborted);

        return TypedResults.Ok(Show(tasks, http, payloads));
    }

    private static async Task<Ok<TaskMatchesResponse>> SearchAsync(
        string queue, [AsParameters] TaskSearchQuery query, HttpContext http, QueueReader queues, PayloadView payloads)
    {
        var (selection, step) = query.Read(queue);
        var matches = await BadQuery.NameAsync(
            () => queues.AskAsync(
                (inspector, token) => inspector.ListTasksAsync(selection, step, token), http.RequestAborted));

        return TypedResults.Ok(new TaskMatchesResponse(Show(matches, http, payloads), matches.Cursor));
    }

    // Whoever is limited to types sees a page with gaps.
    private static List<TaskResponse> Show(IEnumerable<TaskInfo> tasks, HttpContext http, PayloadView payloads)
    {
        var caller = new Caller(http.User);
        return [.. tasks.Where(task => caller.MayUseType(task.Type)).Select(task => payloads.Show(task, caller))];
    }
}

/// <summary>What one search found.</summary>
/// <param name="Tasks">The tasks, in no order.</param>
/// <param name="Cursor">Where the next search goes on; left out when all were looked at.</param>
internal sealed record TaskMatchesResponse(List<TaskResponse> Tasks, string? Cursor);
