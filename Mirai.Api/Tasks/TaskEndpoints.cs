using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Tasks.</summary>
internal static class TaskEndpoints
{
    // What a body holds beside the payload.
    private const int BytesOfOptions = 64 * 1024;

    public static RouteGroupBuilder MapTasks(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value;
        var group = routes.MapGroup("/api/tasks").WithTags("Tasks");
        group.MapPost("", EnqueueAsync).WithSummary("Puts a task into a queue.")
            .WithBodyLimit(MaxBodyBytes(limits));
        group.MapGet("/{queue}/{id}", GetAsync).WithSummary("One task: state, attempts, last error, result.");
        return group;
    }

    // The answer's other forms (400, 409, 413, 415, 503) come from the exceptions that client and reader throw.
    private static async Task<Accepted<TaskResponse>> EnqueueAsync(
        HttpRequest request, IQueueClient client, IOptions<ApiOptions> options, CancellationToken cancellationToken)
    {
        request.LimitBody(MaxBodyBytes(options.Value));
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.EnqueueTaskRequest, cancellationToken);
        var task = new EnqueueTaskReader(body, options.Value.MaxPayloadBytes).Read();
        var stored = await client.EnqueueAsync(task, options: null, cancellationToken);

        return TypedResults.Accepted(TaskUrl.Of(stored.Queue, stored.Id), TaskResponse.From(stored));
    }

    private static async Task<Results<Ok<TaskResponse>, ProblemHttpResult>> GetAsync(
        string queue, string id, QueueReader queues, CancellationToken cancellationToken)
    {
        return await queues.FindTaskAsync(queue, id, cancellationToken) is { } task
            ? TypedResults.Ok(TaskResponse.From(task))
            : TypedResults.Problem(
                $"Queue \"{queue}\" has no task \"{id}\". Tasks that succeeded are gone unless they have a retention.",
                statusCode: StatusCodes.Status404NotFound);
    }

    // Base64 has 4 characters for 3 bytes.
    private static long MaxBodyBytes(ApiOptions limits) => (limits.MaxPayloadBytes / 3 * 4L) + BytesOfOptions;
}
