using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mirai.Queue.Wire;

namespace Mirai.Queue.InteropTests.Vectors;

/// <summary>Messages by the fields that the golden data lists.</summary>
internal static class GoldenMessage
{
    public static TaskMessage Task(JsonNode fields)
    {
        var message = new TaskMessage
        {
            Type = Text(fields, "type"),
            Payload = Bytes(fields, "payload_base64"),
            Id = Text(fields, "id"),
            Queue = Text(fields, "queue"),
            Retry = unchecked((int)Number(fields, "retry")), // Go cuts what is beyond 32 bits
            Retried = unchecked((int)Number(fields, "retried")),
            ErrorMsg = Text(fields, "error_msg"),
            Timeout = Number(fields, "timeout"),
            Deadline = Number(fields, "deadline"),
            UniqueKey = Text(fields, "unique_key"),
            LastFailedAt = Number(fields, "last_failed_at"),
            Retention = Number(fields, "retention"),
            CompletedAt = Number(fields, "completed_at"),
            GroupKey = Text(fields, "group_key"),
        };
        foreach (var (key, value) in fields["headers"]?.AsObject() ?? [])
        {
            message.Headers[key] = (string)value!;
        }

        return message;
    }

    public static ServerInfo Server(JsonNode fields)
    {
        var server = new ServerInfo
        {
            Host = Text(fields, "host"),
            Pid = (int)Number(fields, "pid"),
            ServerId = Text(fields, "server_id"),
            Concurrency = (int)Number(fields, "concurrency"),
            StrictPriority = (bool)fields["strict_priority"]!,
            Status = Text(fields, "status"),
            StartTime = Time(fields, "start_time"),
            ActiveWorkerCount = (int)Number(fields, "active_worker_count"),
        };
        foreach (var (queue, priority) in fields["queues"]?.AsObject() ?? [])
        {
            server.Queues[queue] = (int)priority!;
        }

        return server;
    }

    public static WorkerInfo Worker(JsonNode fields) => new()
    {
        Host = Text(fields, "host"),
        Pid = (int)Number(fields, "pid"),
        ServerId = Text(fields, "server_id"),
        TaskId = Text(fields, "task_id"),
        TaskType = Text(fields, "task_type"),
        TaskPayload = Bytes(fields, "task_payload_base64"),
        Queue = Text(fields, "queue"),
        StartTime = Time(fields, "start_time"),
        Deadline = Time(fields, "deadline"),
    };

    public static SchedulerEntry Entry(JsonNode fields) => new()
    {
        Id = Text(fields, "id"),
        Spec = Text(fields, "spec"),
        TaskType = Text(fields, "task_type"),
        TaskPayload = Bytes(fields, "task_payload_base64"),
        EnqueueOptions = { (fields["enqueue_options"]?.AsArray() ?? []).Select(option => (string)option!) },
        NextEnqueueTime = Time(fields, "next_enqueue_time"),
        PrevEnqueueTime = Time(fields, "prev_enqueue_time"),
    };

    public static SchedulerEnqueueEvent Event(JsonNode fields) => new()
    {
        TaskId = Text(fields, "task_id"),
        EnqueueTime = Time(fields, "enqueue_time"),
    };

    private static string Text(JsonNode fields, string name) => (string)fields[name]!;

    private static long Number(JsonNode fields, string name) => (long)fields[name]!;

    private static ByteString Bytes(JsonNode fields, string name) => ByteString.FromBase64((string)fields[name]!);

    private static Timestamp Time(JsonNode fields, string name) => new()
    {
        Seconds = (long)fields[name]!["seconds"]!,
        Nanos = (int)fields[name]!["nanos"]!,
    };
}
