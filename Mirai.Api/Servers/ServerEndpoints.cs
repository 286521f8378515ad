using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Queues;
using Mirai.Api.Security;

namespace Mirai.Api.Servers;

/// <summary>Servers: the processes that run tasks, Go's among them.</summary>
internal static class ServerEndpoints
{
    public static RouteGroupBuilder MapServers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/servers").WithTags("Servers");
        group.MapGet("", ListAsync).RequireAuthorization(Scopes.TasksRead)
            .WithSummary("The workers that run, and what each of them runs.");
        return group;
    }

    private static async Task<Ok<List<ServerResponse>>> ListAsync(
        HttpContext http, QueueReader queues, CancellationToken cancellationToken)
    {
        var servers = await queues.ListServersAsync(cancellationToken);
        var caller = new Caller(http.User);

        return TypedResults.Ok(
            servers.Select(server => ServerResponse.From(server, caller)).OfType<ServerResponse>().ToList());
    }
}
