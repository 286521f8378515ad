using System.Text.Json;
using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Body of <c>POST /api/tasks</c>. The default holds for a member that is absent or null.</summary>
/// <remarks>Durations and times are text here, so that one answer can name all of them that are wrong.</remarks>
internal sealed record EnqueueTaskRequest
{
    /// <summary>The header that names the task like <see cref="TaskId"/>, for requests that are sent again.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

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

    /// <summary>How long one attempt may run, for instance <c>1m30s</c>; zero stands for the default, 30 minutes without
    /// a deadline.</summary>
    public string? Timeout { get; init; }

    /// <summary>When the last attempt must have ended, in RFC 3339; later than now and than the due time.</summary>
    public string? Deadline { get; init; }

    /// <summary>When the task is due, in RFC 3339; rounded up to whole seconds.</summary>
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

    /// <summary>Turns the request into a task.</summary>
    /// <param name="idempotencyKey">The value of the header; <see langword="null"/> without one.</param>
    /// <param name="maxPayloadBytes">The largest payload.</param>
    /// <exception cref="InvalidRequestException">Fields are wrong (all of them are named), or the payload is too
    /// large.</exception>
    public QueueTask Read(string? idempotencyKey, int maxPayloadBytes)
    {
        var errors = new FieldErrors();
        var taskId = ReadTaskId(idempotencyKey, errors);
        if (idempotencyKey is not null)
        {
            // Without a usable key, the request cannot be sent again: the other fields do not matter.
            errors.ThrowIfAny();
        }

        var payload = PayloadFields.Read(Payload, PayloadBase64, maxPayloadBytes, errors);
        var options = ReadOptions(taskId, errors);
        var type = FieldValues.Name("type", Type, errors, alsoSlash: true);
        if (Type is null)
        {
            errors.Add("type", "is required");
        }

        errors.ThrowIfAny();
        return new QueueTask(type!, payload, options);
    }

    private EnqueueOptions ReadOptions(string? taskId, FieldErrors errors)
    {
        if (this is { ProcessAt: not null, ProcessIn: not null })
        {
            errors.Add("processIn", "processAt and processIn exclude each other");
        }

        if (MaxRetry < 0)
        {
            errors.Add("maxRetry", "must be 0 or more");
        }

        return new EnqueueOptions
        {
            Queue = FieldValues.Name("queue", Queue, errors),
            MaxRetry = MaxRetry,
            Timeout = FieldValues.Duration("timeout", Timeout, TimeSpan.Zero, errors),
            Deadline = FieldValues.Time("deadline", Deadline, errors),
            ProcessAt = FieldValues.Time("processAt", ProcessAt, errors),
            ProcessIn = FieldValues.Duration("processIn", ProcessIn, TimeSpan.Zero, errors),
            UniqueFor = FieldValues.Duration("uniqueFor", UniqueFor, TimeSpan.FromSeconds(1), errors),
            TaskId = taskId,
            Retention = FieldValues.Duration("retention", Retention, TimeSpan.Zero, errors),
            Group = FieldValues.Name("group", Group, errors),
            Headers = ReadHeaders(errors),
        };
    }

    private string? ReadTaskId(string? idempotencyKey, FieldErrors errors)
    {
        if (idempotencyKey is null)
        {
            return FieldValues.Name("taskId", TaskId, errors);
        }

        if (TaskId is not null && TaskId != idempotencyKey)
        {
            errors.Add("taskId", $"must be the {IdempotencyKey}, or be left out");
        }

        return FieldValues.Name(IdempotencyKey, idempotencyKey, errors);
    }

    private Dictionary<string, string>? ReadHeaders(FieldErrors errors)
    {
        foreach (var (name, value) in Headers ?? [])
        {
            if (value is null)
            {
                errors.Add($"headers.{name}", "must be text");
            }
        }

        return Headers?.ToDictionary(header => header.Key, header => header.Value ?? "");
    }
}
