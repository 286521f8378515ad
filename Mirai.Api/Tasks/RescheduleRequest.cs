using Mirai.Api.Requests;

namespace Mirai.Api.Tasks;

/// <summary>Body of <c>POST /api/tasks/{queue}/{id}/reschedule</c>: one of the two.</summary>
internal sealed record RescheduleRequest
{
    /// <summary>When the task is due, in RFC 3339.</summary>
    public string? ProcessAt { get; init; }

    /// <summary>How long from now the task is due, in Go's words.</summary>
    public string? ProcessIn { get; init; }

    /// <exception cref="InvalidRequestException">It does not say when.</exception>
    public DateTimeOffset ReadDue(TimeProvider time)
    {
        var errors = new FieldErrors();
        if (ProcessAt is null == ProcessIn is null)
        {
            errors.Add("processAt", "either processAt or processIn is required");
        }

        var due = FieldValues.DueTime(ProcessAt, ProcessIn, time, errors);
        errors.ThrowIfAny();
        return due!.Value;
    }
}
