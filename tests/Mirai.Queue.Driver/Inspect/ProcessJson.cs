using System.Text.Json.Nodes;
using Mirai.Queue.Driver.Output;

namespace Mirai.Queue.Driver.Inspect;

/// <summary>Servers and schedulers, as the contract of the driver writes them.</summary>
internal static class ProcessJson
{
    public static JsonObject Create(QueueServerInfo server) => new()
    {
        ["id"] = server.Id,
        ["host"] = server.Host,
        ["pid"] = server.ProcessId,
        ["concurrency"] = server.Concurrency,
        ["queues"] = new JsonObject(
            server.Queues.OrderBy(queue => queue.Key, StringComparer.Ordinal)
                .Select(queue => KeyValuePair.Create(queue.Key, (JsonNode?)queue.Value))),
        ["strict_priority"] = server.StrictPriority,
        ["started"] = JsonFields.Time(server.Started),
        ["status"] = server.Status,
        ["active_workers"] = new JsonArray([.. server.ActiveTasks.Select(Create)]),
    };

    public static JsonObject Create(SchedulerEntryInfo entry, IReadOnlyList<SchedulerEventInfo> events)
    {
        var json = new JsonObject { ["id"] = entry.Id, ["spec"] = entry.Spec, ["task_type"] = entry.Type };
        JsonFields.AddBytes(json, "task_payload", entry.Payload);
        json["opts"] = new JsonArray([.. entry.Options.Select(option => JsonValue.Create(option))]);
        json["next"] = JsonFields.Time(entry.Next);
        json["prev"] = JsonFields.Time(entry.Previous);
        json["enqueue_events"] = new JsonArray([.. events.Select(Create)]);

        return json;
    }

    private static JsonObject Create(ActiveTaskInfo task)
    {
        var json = new JsonObject { ["task_id"] = task.TaskId, ["task_type"] = task.Type };
        JsonFields.AddBytes(json, "task_payload", task.Payload);
        json["queue"] = task.Queue;
        json["started"] = JsonFields.Time(task.Started);
        json["deadline"] = JsonFields.Time(task.Deadline);

        return json;
    }

    private static JsonObject Create(SchedulerEventInfo done) => new()
    {
        ["task_id"] = done.TaskId,
        ["enqueued_at"] = JsonFields.Time(done.EnqueuedAt),
    };
}
