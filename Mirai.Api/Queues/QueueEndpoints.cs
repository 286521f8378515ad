using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Audit;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Queues;

/// <summary>Queues. Answers that the results do not name (400, 403, 404, 409, 503) come from exceptions.</summary>
internal static class QueueEndpoints
{
    private const int UsualDays = 7;

    // Redis keeps the counts of a day for 90 days.
    private const int MostDays = 90;

    public static RouteGroupBuilder MapQueues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/queues").WithTags("Queues").AddEndpointFilter<NamesFilter>();
        group.MapGet("", ListAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("All queues with their sizes.");
        group.MapGet("/{queue}", GetAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("One queue with its sizes.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{queue}/history", GetHistoryAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("What a queue did on the last days, today first; 7 days, or 1 to 90.");
        group.MapPost("/{queue}/pause", PauseAsync).RequireAuthorization(Scopes.QueuesManage)
            .WithSummary("Keeps workers from taking tasks from a queue. Running ones go on.");
        group.MapPost("/{queue}/resume", ResumeAsync).RequireAuthorization(Scopes.QueuesManage)
            .WithSummary("Lets workers take tasks from a queue again.");
        group.MapDelete("/{queue}", DeleteAsync).RequireAuthorization(Scopes.QueuesManage)
            .WithSummary("Deletes a queue; with force=true also the tasks that wait in it, but never running ones.");
        return group;
    }

    private static async Task<Ok<List<QueueResponse>>> ListAsync(
        HttpContext http, QueueReader queues, CancellationToken cancellationToken)
    {
        var found = await queues.ListAsync(name => new Caller(http.User).MayUseQueue(name), cancellationToken);
        return TypedResults.Ok(found.Select(queue => QueueResponse.From(queue.Info, queue.Fault)).ToList());
    }

    private static async Task<Results<Ok<QueueResponse>, ProblemHttpResult>> GetAsync(
        string queue, QueueReader queues, CancellationToken cancellationToken) =>
        await queues.FindAsync(queue, cancellationToken) is { } info
            ? TypedResults.Ok(QueueResponse.From(info))
            : QueueAnswer.NotFound(queue);

    private static async Task<Ok<List<QueueDayResponse>>> GetHistoryAsync(
        string queue, string? days, QueueReader queues, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var wanted = FieldValues.Number(nameof(days), days, (1, MostDays), errors) ?? UsualDays;
        errors.ThrowIfAny();

        var history = await queues.ListHistoryAsync(queue, wanted, cancellationToken);
        return TypedResults.Ok(history.Select(QueueDayResponse.From).ToList());
    }

    private static Task<Ok<QueueChangeResponse>> PauseAsync(
        string queue, HttpContext http, QueueReader queues, AuditLog audit) =>
        ChangeAsync(http, audit, "queue.pause", queue, request =>
            queues.AskAsync((inspector, token) => inspector.PauseQueueAsync(queue, token), request));

    private static Task<Ok<QueueChangeResponse>> ResumeAsync(
        string queue, HttpContext http, QueueReader queues, AuditLog audit) =>
        ChangeAsync(http, audit, "queue.resume", queue, request =>
            queues.AskAsync((inspector, token) => inspector.ResumeQueueAsync(queue, token), request));

    private static async Task<Ok<QueueChangeResponse>> ChangeAsync(
        HttpContext http, AuditLog audit, string action, string queue, Func<CancellationToken, Task<bool>> change)
    {
        DemandAllTypes(http);
        var changed = await audit.RunAsync(http, action, queue, async token =>
            await change(token) ? (true, 1L) : (false, 0L));

        return TypedResults.Ok(new QueueChangeResponse(changed));
    }

    // Deleting may take as long as the request. A deletion that was cut off goes on when the request is sent again.
    private static async Task<NoContent> DeleteAsync(
        string queue, string? force, HttpContext http, IQueueInspector inspector, AuditLog audit)
    {
        var isForced = IsTrue(nameof(force), force);
        DemandAllTypes(http);
        await audit.RunAsync(http, "queue.delete", queue, token =>
            inspector.DeleteQueueAsync(queue, isForced, token).WaitAsync(token));

        return TypedResults.NoContent();
    }

    private static bool IsTrue(string field, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new InvalidRequestException(field, "must be true or false"),
    };

    private static void DemandAllTypes(HttpContext http)
    {
        if (new Caller(http.User).IsLimitedToTypes)
        {
            throw new AccessDeniedException(
                "These credentials are for tasks of some types only, but a queue holds tasks of all types.");
        }
    }
}

/// <summary>The answer when a queue does not exist.</summary>
internal static class QueueAnswer
{
    public static ProblemHttpResult NotFound(string queue) =>
        TypedResults.Problem($"There is no queue '{queue}'.", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>The result of pausing or resuming a queue.</summary>
/// <param name="Changed">Whether the queue was in the other state before.</param>
internal sealed record QueueChangeResponse(bool Changed);
