namespace Mirai.Queue;

/// <summary>A task that a scheduler has enqueued.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="EnqueuedAt">When.</param>
public sealed record SchedulerEventInfo(string TaskId, DateTimeOffset EnqueuedAt);
