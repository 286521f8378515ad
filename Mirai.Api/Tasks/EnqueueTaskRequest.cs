using System.Text.Json;

namespace Mirai.Api.Tasks;

/// <summary>Body of <c>POST /api/tasks</c>. A member that is absent or null is "not said": the defaults
/// hold.</summary>
/// <remarks>Durations and times are text here, so that one answer can name all of them that are wrong.</remarks>
internal sealed record EnqueueTaskRequest
{
    /// <summary>Names the handler.</summary>
    public string? Type { get; init; }

    /// <summary>The payload as JSON, passed on byte by byte; an explicit null is the JSON text <c>null</c>.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>The payload as any bytes, in place of <c>payload</c>.</summary>
    public string? PayloadBase64 { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>How often the task is tried again after a failure.</summary>
    public int? MaxRetry { get; init; }

    /// <summary>How long one attempt may run, for instance <c>1m30s</c>.</summary>
    public string? Timeout { get; init; }

    /// <summary>When the last attempt must have ended, in RFC 3339.</summary>
    public string? Deadline { get; init; }

    /// <summary>When the task is due, in RFC 3339.</summary>
    public string? ProcessAt { get; init; }

    /// <summary>How long from now the task is due.</summary>
    public string? ProcessIn { get; init; }

    /// <summary>How long an equal task is refused.</summary>
    public string? UniqueFor { get; init; }

    /// <summary>The task's id.</summary>
    public string? TaskId { get; init; }

    /// <summary>How long the task is kept after success.</summary>
    public string? Retention { get; init; }

    /// <summary>The group that waits to be aggregated.</summary>
    public string? Group { get; init; }

    /// <summary>Text that travels with the task.</summary>
    public Dictionary<string, string?>? Headers { get; init; }
}
