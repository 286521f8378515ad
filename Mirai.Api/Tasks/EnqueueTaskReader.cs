using Mirai.Api.Requests;
using Mirai.Queue;

namespace Mirai.Api.Tasks;

/// <summary>Turns a request into a task, or says everything that is wrong with it.</summary>
internal sealed class EnqueueTaskReader(EnqueueTaskRequest request, int maxPayloadBytes)
{
    private readonly FieldErrors errors = new();

    /// <summary>Reads the task.</summary>
    /// <exception cref="InvalidRequestException">Fields are wrong, or the payload is too large.</exception>
    public QueueTask Read()
    {
        var payload = new PayloadReader(request.Payload, request.PayloadBase64, maxPayloadBytes).Read(errors);
        var options = ReadOptions();
        var type = FieldValues.Name("type", request.Type, errors, alsoSlash: true);
        if (request.Type is null)
        {
            errors.Add("type", "is required");
        }

        errors.ThrowIfAny();
        return new QueueTask(type!, payload, options);
    }

    private EnqueueOptions ReadOptions()
    {
        if (request is { ProcessAt: not null, ProcessIn: not null })
        {
            errors.Add("processIn", "processAt and processIn exclude each other");
        }

        if (request.MaxRetry < 0)
        {
            errors.Add("maxRetry", "must be 0 or more");
        }

        return new EnqueueOptions
        {
            Queue = FieldValues.Name("queue", request.Queue, errors),
            MaxRetry = request.MaxRetry,
            Timeout = FieldValues.Duration("timeout", request.Timeout, TimeSpan.Zero, errors),
            Deadline = FieldValues.Time("deadline", request.Deadline, errors),
            ProcessAt = FieldValues.Time("processAt", request.ProcessAt, errors),
            ProcessIn = FieldValues.Duration("processIn", request.ProcessIn, TimeSpan.Zero, errors),
            UniqueFor = FieldValues.Duration("uniqueFor", request.UniqueFor, TimeSpan.FromSeconds(1), errors),
            TaskId = FieldValues.Name("taskId", request.TaskId, errors),
            Retention = FieldValues.Duration("retention", request.Retention, TimeSpan.Zero, errors),
            Group = FieldValues.Name("group", request.Group, errors),
            Headers = ReadHeaders(),
        };
    }

    private Dictionary<string, string>? ReadHeaders()
    {
        foreach (var (name, value) in request.Headers ?? [])
        {
            if (value is null)
            {
                errors.Add($"headers.{name}", "must be text");
            }
        }

        return request.Headers?.ToDictionary(header => header.Key, header => header.Value ?? "");
    }
}
