using Mirai.Api.Requests;
using Mirai.Api.Security;

namespace Mirai.Api.Queues;

/// <summary>Checks the names in the path of a request, and that its caller may use the queue and the task that they
/// name.</summary>
internal sealed class NamesFilter(QueueReader queues) : IEndpointFilter
{
    private static readonly string[] Names = ["queue", "id", "group"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        CheckNames(http.Request);
        var caller = new Caller(http.User);
        if (http.GetRouteValue("queue") is string queue)
        {
            caller.DemandQueue(queue);
            if (caller.IsLimitedToTypes && http.GetRouteValue("id") is string id)
            {
                // A task that does not exist has no type; the route answers 404.
                if (await queues.FindTaskAsync(queue, id, http.RequestAborted) is { } task)
                {
                    caller.DemandType(task.Type);
                }
            }
        }

        return await next(context);
    }

    private static void CheckNames(HttpRequest request)
    {
        var errors = new FieldErrors();
        foreach (var name in Names)
        {
            FieldValues.Name(name, request.RouteValues[name] as string, errors);
        }

        errors.ThrowIfAny();
    }
}
