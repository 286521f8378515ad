namespace Mirai.Queue;

/// <summary>What a queue held at one moment.</summary>
public sealed record QueueInfo
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>All its tasks, completed ones included, except those in aggregation sets.</summary>
    public long Size => Pending + Active + Scheduled + Retry + Archived + Completed + Aggregating;

    /// <summary>How long the oldest pending task has waited; zero when none does, or nobody recorded it.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>About how much of Redis' memory its tasks use, in bytes: what a few of each state use, times their
    /// number. A rougher estimate by the size of messages where Redis does not tell (<c>MEMORY USAGE</c> is
    /// refused).</summary>
    public long MemoryUsage { get; init; }

    /// <summary>Groups that are registered.</summary>
    public long Groups { get; init; }

    /// <summary>Tasks that wait for a worker.</summary>
    public long Pending { get; init; }

    /// <summary>Tasks that run.</summary>
    public long Active { get; init; }

    /// <summary>Tasks that wait for their due time.</summary>
    public long Scheduled { get; init; }

    /// <summary>Tasks that failed and wait to be tried again.</summary>
    public long Retry { get; init; }

    /// <summary>Tasks that failed for good.</summary>
    public long Archived { get; init; }

    /// <summary>Tasks that succeeded and are kept.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks that wait in groups; an estimate when there are more than 2,000 groups.</summary>
    public long Aggregating { get; init; }

    /// <summary>Attempts that ended since midnight UTC, failed ones included.</summary>
    public long Processed { get; init; }

    /// <summary>Attempts that failed since midnight UTC.</summary>
    public long Failed { get; init; }

    /// <summary>Attempts that ended in all, failed ones included.</summary>
    public long ProcessedTotal { get; init; }

    /// <summary>Attempts that failed in all.</summary>
    public long FailedTotal { get; init; }

    /// <summary>No worker takes tasks from it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The moment, by the clock of this process.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}
