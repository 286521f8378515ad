using System.Text.Json.Serialization;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>A task as the API shows it. Members without a value are left out; durations are Go durations.</summary>
internal sealed record TaskResponse
{
    public required string Id { get; init; }

    public required string Queue { get; init; }

    public required string Type { get; init; }

    [JsonConverter(typeof(CamelCaseEnumConverter<TaskState>))]
    public required TaskState State { get; init; }

    /// <summary>How many retries it has used.</summary>
    public required int Retried { get; init; }

    public required int MaxRetry { get; init; }

    /// <summary>What the handler gets, as far as the caller may see it, when that is JSON.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>What the handler gets, when that is no JSON.</summary>
    public ReadOnlyMemory<byte>? PayloadBase64 { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastFailedAt { get; init; }

    public DateTimeOffset? NextProcessAt { get; init; }

    public string? Timeout { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public string? Group { get; init; }

    public string? Retention { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What the handler wrote, when that is JSON.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>What the handler wrote.</summary>
    public ReadOnlyMemory<byte>? ResultBase64 { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Shows a task that was just stored without its payload, which its sender knows.</summary>
    public static TaskResponse From(TaskInfo task) => From(task, payload: null);

    public static TaskResponse From(TaskInfo task, ReadOnlyMemory<byte>? payload) => new()
    {
        Id = task.Id,
        Queue = task.Queue,
        Type = task.Type,
        State = task.State,
        Retried = task.Retried,
        MaxRetry = task.MaxRetry,
        Payload = payload is { } json && RawJsonConverter.IsJson(json.Span) ? payload : default,
        PayloadBase64 = payload is { } bytes && !RawJsonConverter.IsJson(bytes.Span) ? payload : default,
        LastError = task.LastError,
        LastFailedAt = task.LastFailedAt,
        NextProcessAt = task.NextProcessAt,
        Timeout = Text(task.Timeout),
        Deadline = task.Deadline,
        Group = task.Group,
        Retention = task.Retention == TimeSpan.Zero ? null : Text(task.Retention),
        CompletedAt = task.CompletedAt,
        Result = task.Result is { } result && RawJsonConverter.IsJson(result.Span) ? task.Result : default,
        ResultBase64 = task.Result,
        Headers = task.Headers.Count == 0 ? null : task.Headers,
    };

    private static string? Text(TimeSpan? duration) => duration is { } value ? GoDuration.Format(value) : null;
}

/// <summary>The address of a task.</summary>
internal static class TaskUrl
{
    public static string Of(string queue, string id) =>
        $"/api/tasks/{Uri.EscapeDataString(queue)}/{Uri.EscapeDataString(id)}";
}
