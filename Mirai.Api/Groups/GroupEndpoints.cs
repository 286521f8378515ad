using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Queues;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Groups;

/// <summary>Groups of tasks.</summary>
internal static class GroupEndpoints
{
    public static RouteGroupBuilder MapGroups(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/queues/{queue}/groups").WithTags("Groups").AddEndpointFilter<NamesFilter>();
        group.MapGet("", ListAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("The groups of a queue with their sizes, by name; a page of 30, or of 1 to 100.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        return group;
    }

    private static async Task<Results<Ok<List<GroupResponse>>, ProblemHttpResult>> ListAsync(
        string queue, string? page, string? pageSize, QueueReader queues, CancellationToken cancellationToken)
    {
        var wanted = PageQuery.Read(page, pageSize, new FieldErrors());
        if (await queues.ListGroupsAsync(queue, wanted, cancellationToken) is not { } groups)
        {
            return QueueAnswer.NotFound(queue);
        }

        return TypedResults.Ok(groups.Select(GroupResponse.From).ToList());
    }
}

/// <summary>A group of tasks that wait to be aggregated.</summary>
internal sealed record GroupResponse
{
    public required string Group { get; init; }

    /// <summary>How many tasks wait in it.</summary>
    public required long Size { get; init; }

    public static GroupResponse From(GroupInfo group) => new() { Group = group.Group, Size = group.Size };
}
