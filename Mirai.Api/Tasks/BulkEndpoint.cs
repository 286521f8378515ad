using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Audit;
using Mirai.Api.Requests;
using Mirai.Api.Security;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Acts on many tasks, some per request: the caller sends the cursor of each answer until there is
/// none.</summary>
internal static class BulkEndpoint
{
    private const int SampleSize = 20;

    public static async Task<Ok<BulkResponse>> RunAsync(
        string queue, HttpContext http, IQueueInspector inspector, AuditLog audit, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync<BulkRequest>(http.Request, http.RequestAborted);
        var step = body.Read(queue, time);
        new Caller(http.User).DemandTypes(step.Selection.Filter?.Type);
        if (step.IsDryRun)
        {
            var found = await BadQuery.NameAsync(
                () => inspector.ListTasksAsync(step.Selection, step.Step, http.RequestAborted));
            var sample = found.Select(task => task.Id).Take(SampleSize).ToList();
            return TypedResults.Ok(new BulkResponse(found.Count, found.Cursor, DryRun: true, sample, Trimmed: null));
        }

        var action = $"tasks.{body.Action}";
        var group = body.Group is null ? "" : $" group {body.Group}";
        var target = $"{queue} {body.State}{group} type {body.Type ?? "*"}";
        var done = await audit.RunAsync(http, action, target, async cancellationToken =>
        {
            var result = await BadQuery.NameAsync(() => ActAsync(inspector, step, cancellationToken));
            return (result, result.Count);
        });

        return TypedResults.Ok(new BulkResponse(
            done.Count, done.Cursor, DryRun: false, Sample: null, done.Trimmed > 0 ? done.Trimmed : null));
    }

    private static Task<SelectionStep> ActAsync(
        IQueueInspector inspector, BulkStepRequest step, CancellationToken cancellationToken) => step.Action switch
    {
        BulkAction.Run => inspector.RunTasksAsync(step.Selection, step.Step, cancellationToken),
        BulkAction.Archive => inspector.ArchiveTasksAsync(step.Selection, step.Step, cancellationToken),
        BulkAction.Delete => inspector.DeleteTasksAsync(step.Selection, step.Step, cancellationToken),
        BulkAction.Cancel => inspector.CancelTasksAsync(step.Selection, step.Step, cancellationToken),
        _ => inspector.RescheduleTasksAsync(step.Selection, step.Due!.Value, step.Step, cancellationToken),
    };
}

/// <summary>What one call did, or would do.</summary>
/// <param name="Count">How many tasks it acted on, or found (dry run).</param>
/// <param name="Cursor">Cursor for the next call; omitted after the last step.</param>
/// <param name="DryRun">Nothing was done.</param>
/// <param name="Sample">Some of the tasks that were found (dry run).</param>
/// <param name="Trimmed">How many archived tasks were deleted, the oldest first, because an archive keeps 9,999 tasks
/// for 90 days; omitted when none was.</param>
internal sealed record BulkResponse(long Count, string? Cursor, bool DryRun, List<string>? Sample, long? Trimmed);
