using System.Text.Json.Nodes;

namespace Mirai.Queue.Driver.Output;

/// <summary>A task as every command of the driver prints it.</summary>
internal static class TaskInfoJson
{
    public static JsonObject Create(TaskInfo task)
    {
        var json = new JsonObject
        {
            ["id"] = task.Id,
            ["queue"] = task.Queue,
            ["type"] = task.Type,
        };
        JsonFields.AddBytes(json, "payload", task.Payload);
        json["state"] = StateWords.Of(task.State);
        json["max_retry"] = task.MaxRetry;
        json["retried"] = task.Retried;
        json["last_err"] = task.LastError ?? "";
        json["last_failed_at"] = JsonFields.Time(task.LastFailedAt);
        json["timeout_seconds"] = Seconds(task.Timeout.GetValueOrDefault());
        json["deadline"] = JsonFields.Time(task.Deadline);
        json["group"] = task.Group ?? "";
        json["next_process_at"] = JsonFields.Time(task.NextProcessAt);
        json["is_orphaned"] = task.IsOrphaned;
        json["retention_seconds"] = Seconds(task.Retention);
        json["completed_at"] = JsonFields.Time(task.CompletedAt);
        JsonFields.AddBytes(json, "result", task.Result);
        JsonFields.AddHeaders(json, task.Headers);

        return json;
    }

    private static long Seconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerSecond;
}
