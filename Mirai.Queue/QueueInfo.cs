namespace Mirai.Queue;

/// <summary>The sizes and counters of a queue at one moment.</summary>
public sealed class QueueInfo
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Number of all tasks, completed ones included.</summary>
    public long Size => Pending + Active + Scheduled + Retry + Archived + Completed + Aggregating;

    /// <summary>How long the oldest pending task has waited; zero when no task is pending or the time is not
    /// stored.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Estimated memory of the tasks in Redis, in bytes: the average of a few tasks of each state, times the
    /// number of tasks. Rougher where Redis refuses <c>MEMORY USAGE</c>.</summary>
    public long MemoryUsage { get; init; }

    /// <summary>Number of groups.</summary>
    public long Groups { get; init; }

    /// <summary>Number of tasks that wait for a worker.</summary>
    public long Pending { get; init; }

    /// <summary>Number of tasks that run.</summary>
    public long Active { get; init; }

    /// <summary>Number of tasks that wait for their due time.</summary>
    public long Scheduled { get; init; }

    /// <summary>Number of tasks that failed and wait for a retry.</summary>
    public long Retry { get; init; }

    /// <summary>Number of tasks that failed for good.</summary>
    public long Archived { get; init; }

    /// <summary>Number of tasks that succeeded and are kept for their retention.</summary>
    public long Completed { get; init; }

    /// <summary>Number of tasks in groups, also of those that are being aggregated; an estimate when there are more than
    /// 2,000 groups.</summary>
    public long Aggregating { get; init; }

    /// <summary>Number of attempts that ended since midnight UTC, failed ones included.</summary>
    public long Processed { get; init; }

    /// <summary>Number of attempts that failed since midnight UTC.</summary>
    public long Failed { get; init; }

    /// <summary>Number of attempts that ever ended, failed ones included.</summary>
    public long ProcessedTotal { get; init; }

    /// <summary>Number of attempts that ever failed.</summary>
    public long FailedTotal { get; init; }

    /// <summary>Whether the queue is paused: workers take no tasks from it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When the figures were read, by the clock of this process.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>The attempts that ended in a queue on one day.</summary>
/// <param name="date">The day, UTC.</param>
/// <param name="processed">Attempts that ended, failed ones included.</param>
/// <param name="failed">Attempts that failed.</param>
public sealed class QueueDay(DateOnly date, long processed, long failed)
{
    /// <summary>The day, UTC.</summary>
    public DateOnly Date { get; } = date;

    /// <summary>Number of attempts that ended, failed ones included.</summary>
    public long Processed { get; } = processed;

    /// <summary>Number of attempts that failed.</summary>
    public long Failed { get; } = failed;
}

/// <summary>A group of tasks that wait to be aggregated.</summary>
/// <param name="group">The name of the group.</param>
/// <param name="size">Number of tasks.</param>
public sealed class GroupInfo(string group, long size)
{
    /// <summary>The name of the group.</summary>
    public string Group { get; } = group;

    /// <summary>Number of tasks that wait in the group.</summary>
    public long Size { get; } = size;
}
