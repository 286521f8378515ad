using Mirai.Queue;

namespace Mirai.Api.Servers;

/// <summary>A task that a server runs.</summary>
internal sealed record RunningTaskResponse
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Queue { get; init; }

    /// <summary>When this attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this attempt must have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public static RunningTaskResponse From(ActiveTaskInfo task) => new()
    {
        Id = task.TaskId,
        Type = task.Type,
        Queue = task.Queue,
        StartedAt = task.Started,
        Deadline = task.Deadline,
    };
}
