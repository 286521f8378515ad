using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Audit;
using Mirai.Api.Queues;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Acts on the task that a route names, and writes an audit record.</summary>
internal sealed class TaskActions(AuditLog audit, QueueReader queues)
{
    /// <summary>The change of a task.</summary>
    public delegate Task<SelectionStep> Act(
        IQueueInspector inspector, TaskSelection task, CancellationToken cancellationToken);

    /// <summary>The task; <see langword="null"/> when there is none.</summary>
    public Task<TaskInfo?> FindAsync(string queue, string taskId, CancellationToken cancellationToken) =>
        queues.FindTaskAsync(queue, taskId, cancellationToken);

    public async Task<NoContent> DoAsync(HttpContext http, string action, Act act)
    {
        var queue = (string)http.GetRouteValue("queue")!;
        var id = (string)http.GetRouteValue("id")!;
        var task = TaskSelection.One(queue, id);
        await audit.RunAsync(http, action, $"{queue}/{id}", cancellationToken => queues.AskAsync(
            (inspector, token) => act(inspector, task, token), cancellationToken));

        return TypedResults.NoContent();
    }
}
