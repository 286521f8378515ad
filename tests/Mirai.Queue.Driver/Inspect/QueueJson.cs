using System.Globalization;
using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Inspect;

/// <summary>What a queue holds, as the contract of the driver writes it.</summary>
internal static class QueueJson
{
    public static JsonObject Create(QueueInfo info) => new()
    {
        ["queue"] = info.Queue,
        ["memory_usage"] = info.MemoryUsage,
        ["latency_ms"] = info.Latency.TotalMilliseconds,
        ["size"] = info.Size,
        ["groups"] = info.Groups,
        ["pending"] = info.Pending,
        ["active"] = info.Active,
        ["scheduled"] = info.Scheduled,
        ["retry"] = info.Retry,
        ["archived"] = info.Archived,
        ["completed"] = info.Completed,
        ["aggregating"] = info.Aggregating,
        ["processed"] = info.Processed,
        ["failed"] = info.Failed,
        ["processed_total"] = info.ProcessedTotal,
        ["failed_total"] = info.FailedTotal,
        ["paused"] = info.IsPaused,
        ["timestamp"] = JsonFields.Time(info.Timestamp),
    };

    // What cannot be read is left out, as Asynq's inspector does.
    public static JsonArray Create(IReadOnlyList<TaskInfo> tasks) =>
        [.. tasks.Where(task => !task.IsUnreadable).Select(TaskInfoJson.Create)];

    public static JsonObject Create(GroupInfo group) => new() { ["group"] = group.Group, ["size"] = group.Size };

    public static JsonObject Create(QueueDay day) => new()
    {
        ["date"] = day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["processed"] = day.Processed,
        ["failed"] = day.Failed,
    };
}
