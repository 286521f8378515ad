using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Schedule;

/// <summary>Prints what a scheduler does.</summary>
internal sealed class ScheduleReport(JsonLines output)
{
    private readonly TaskCompletionSource registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Register(IReadOnlyList<PeriodicEntryInfo> entries)
    {
        foreach (var entry in entries)
        {
            output.Write(new JsonObject
            {
                ["event"] = "registered",
                ["entry_id"] = entry.Id,
                ["spec"] = entry.Task.Spec,
            });
        }

        registered.SetResult();
    }

    /// <summary>Prints a tick, after its entry.</summary>
    public async Task AddAsync(TaskInfo? task, Exception? error)
    {
        await registered.Task;
        if (task is null)
        {
            output.Write(new JsonObject { ["event"] = "enqueue_error", ["error"] = error?.Message });
            return;
        }

        var line = TaskInfoJson.Create(task);
        line["event"] = "enqueued";
        output.Write(line);
    }
}
