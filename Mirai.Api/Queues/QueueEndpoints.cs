using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Security;

namespace Mirai.Api.Queues;

/// <summary>Queues.</summary>
internal static class QueueEndpoints
{
    public static RouteGroupBuilder MapQueues(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/queues").WithTags("Queues");
        group.MapGet("", ListAsync).WithSummary("All queues with their sizes.")
            .RequireAuthorization(Scopes.TasksRead);
        return group;
    }

    private static async Task<Ok<List<QueueResponse>>> ListAsync(
        QueueReader queues, CancellationToken cancellationToken)
    {
        var found = await queues.ListAsync(cancellationToken);
        return TypedResults.Ok(found.Select(QueueResponse.From).ToList());
    }
}
