using Mirai.Queue;

namespace Mirai.Api.Schedules;

/// <summary>An entry of a scheduler: a task that is enqueued by the clock.</summary>
internal sealed record ScheduleResponse
{
    /// <summary>The id. A scheduler gives its entries new ids when it restarts.</summary>
    public required string Id { get; init; }

    /// <summary>When, for instance <c>@every 5s</c>.</summary>
    public required string Spec { get; init; }

    public required string Type { get; init; }

    /// <summary>Absent when the option that names it cannot be read.</summary>
    public string? Queue { get; init; }

    /// <summary>The task's options as Asynq prints them, for instance <c>MaxRetry(3)</c>.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? PreviousAt { get; init; }

    public static ScheduleResponse From(SchedulerEntryInfo entry) => new()
    {
        Id = entry.Id,
        Spec = entry.Spec,
        Type = entry.Type,
        Queue = entry.Queue,
        Options = entry.Options,
        NextAt = entry.Next,
        PreviousAt = entry.Previous,
    };
}

/// <summary>A task that a scheduler has enqueued.</summary>
internal sealed record ScheduleEventResponse
{
    public required string TaskId { get; init; }

    public required DateTimeOffset EnqueuedAt { get; init; }

    public static ScheduleEventResponse From(SchedulerEventInfo happened) => new()
    {
        TaskId = happened.TaskId,
        EnqueuedAt = happened.EnqueuedAt,
    };
}
