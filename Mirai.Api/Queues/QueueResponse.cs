using Mirai.Queue;

namespace Mirai.Api.Queues;

/// <summary>A queue as the API shows it.</summary>
internal sealed record QueueResponse
{
    public required string Queue { get; init; }

    public required bool Paused { get; init; }

    /// <summary>All tasks it holds; the sum of the seven states.</summary>
    public required long Size { get; init; }

    public required long Pending { get; init; }

    public required long Active { get; init; }

    public required long Scheduled { get; init; }

    public required long Retry { get; init; }

    public required long Archived { get; init; }

    public required long Completed { get; init; }

    public required long Aggregating { get; init; }

    public required long Groups { get; init; }

    /// <summary>How long the oldest pending task has waited as a Go duration, such as <c>1m30s</c>.</summary>
    public required string Latency { get; init; }

    public required long ProcessedToday { get; init; }

    public required long FailedToday { get; init; }

    public required long ProcessedTotal { get; init; }

    public required long FailedTotal { get; init; }

    /// <summary>Why the queue could not be read: a key of the wrong type, no permission, or its shard is away. Its
    /// numbers are 0 then. Absent otherwise.</summary>
    public string? Fault { get; init; }

    public static QueueResponse From(QueueInfo info, string? fault = null) => new()
    {
        Fault = fault,
        Queue = info.Queue,
        Paused = info.IsPaused,
        Size = info.Size,
        Pending = info.Pending,
        Active = info.Active,
        Scheduled = info.Scheduled,
        Retry = info.Retry,
        Archived = info.Archived,
        Completed = info.Completed,
        Aggregating = info.Aggregating,
        Groups = info.Groups,
        Latency = GoDuration.Format(info.Latency),
        ProcessedToday = info.Processed,
        FailedToday = info.Failed,
        ProcessedTotal = info.ProcessedTotal,
        FailedTotal = info.FailedTotal,
    };
}

/// <summary>What a queue did on one day.</summary>
internal sealed record QueueDayResponse
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Attempts that ended, failed ones included.</summary>
    public required long Processed { get; init; }

    public required long Failed { get; init; }

    public static QueueDayResponse From(QueueDay day) => new()
    {
        Date = day.Date,
        Processed = day.Processed,
        Failed = day.Failed,
    };
}
