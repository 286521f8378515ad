using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Audit;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Api.Tasks;
using Mirai.Queue;

namespace Mirai.Api.Schedules;

/// <summary>Schedules: the entries of all running schedulers, those of Go included. An entry that a caller may not see
/// does not exist for that caller.</summary>
internal static class ScheduleEndpoints
{
    public static RouteGroupBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/schedules").WithTags("Schedules").AddEndpointFilter<NamesFilter>();
        group.MapGet("", ListAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("The periodic tasks of every scheduler that runs.");
        group.MapGet("/{id}/events", ListEventsAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("What an entry has enqueued, the newest first; a page of 30, or of 1 to 100.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id}/run", RunAsync).RequireAuthorization(Scopes.SchedulesManage)
            .WithSummary("Enqueues an entry's task once, out of turn.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        return group;
    }

    private static async Task<Ok<List<ScheduleResponse>>> ListAsync(
        HttpContext http, QueueReader queues, CancellationToken cancellationToken)
    {
        var entries = await ReadAsync(http, queues, cancellationToken);
        return TypedResults.Ok(entries.Select(ScheduleResponse.From).ToList());
    }

    private static async Task<Results<Ok<List<ScheduleEventResponse>>, ProblemHttpResult>> ListEventsAsync(
        string id, string? page, string? pageSize, HttpContext http, QueueReader queues)
    {
        var wanted = PageQuery.Read(page, pageSize, new FieldErrors());
        if (await FindAsync(id, http, queues) is null)
        {
            return NotFound(id);
        }

        var events = await queues.ListScheduleEventsAsync(id, wanted, http.RequestAborted);
        return TypedResults.Ok(events.Select(ScheduleEventResponse.From).ToList());
    }

    private static async Task<Results<Accepted<TaskResponse>, ProblemHttpResult>> RunAsync(
        string id, HttpContext http, QueueReader queues, IQueueClient client, AuditLog audit)
    {
        if (await FindAsync(id, http, queues) is not { } entry)
        {
            return NotFound(id);
        }

        if (entry.Task is not { } task)
        {
            return Unprocessable(entry.TaskProblem);
        }

        try
        {
            // With the type, because a scheduler gives its entries new ids when it restarts.
            var stored = await audit.RunAsync(http, "schedule.run", $"{entry.Type}/{id}", async token =>
                (await client.EnqueueAsync(task, options: null, token), 1L));

            return TypedResults.Accepted(TaskUrl.Of(stored.Queue, stored.Id), TaskResponse.From(stored));
        }
        catch (ArgumentException exception)
        {
            return Unprocessable(exception.Message);
        }
    }

    private static ProblemHttpResult Unprocessable(string? reason) => TypedResults.Problem(
        $"The task of this entry cannot be enqueued: {reason}",
        statusCode: StatusCodes.Status422UnprocessableEntity);

    private static async Task<SchedulerEntryInfo?> FindAsync(string id, HttpContext http, QueueReader queues) =>
        (await ReadAsync(http, queues, http.RequestAborted)).FirstOrDefault(entry => entry.Id == id);

    private static async Task<IEnumerable<SchedulerEntryInfo>> ReadAsync(
        HttpContext http, QueueReader queues, CancellationToken cancellationToken)
    {
        var entries = await queues.ListSchedulesAsync(cancellationToken);
        var caller = new Caller(http.User);

        // An entry whose queue cannot be read is for callers of all queues.
        return entries.Where(entry => caller.MayUseType(entry.Type) && caller.MayUseQueue(entry.Queue ?? ""));
    }

    private static ProblemHttpResult NotFound(string id) => TypedResults.Problem(
        $"There is no entry \"{id}\". Entries exist while their scheduler runs.",
        statusCode: StatusCodes.Status404NotFound);
}
