using Mirai.Queue;

namespace Mirai.Api.Schedules;

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
