namespace Mirai.Queue;

/// <summary>Which tasks to look for: those in one state of one queue that have all the properties asked for.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="State">Where the tasks are.</param>
public sealed record TaskQuery(string Queue, TaskState State)
{
    /// <summary>The most tasks one call may look at.</summary>
    public const int MaxLimit = 10_000;

    private readonly int limit = 1_000;

    /// <summary>The group of aggregating tasks; <see langword="null"/> for all other states.</summary>
    public string? Group { get; init; }

    /// <summary>The type, or its beginning followed by <c>*</c>; <see langword="null"/> for all types.</summary>
    public string? Type { get; init; }

    /// <summary>Text that the last error contains, in whatever case; <see langword="null"/> for all.</summary>
    public string? Error { get; init; }

    /// <summary>How long a task must have been where it is: pending since then, failed last (retry), archived,
    /// completed, or added to its group. <see langword="null"/> for all. Not for scheduled and active tasks, of which
    /// Redis does not know it; a pending task of which it does not (one that was run by hand, say) is not
    /// found.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Where to go on: what the last call returned, <see langword="null"/> to begin. It belongs to this
    /// queue, state and group; after a failover of Redis, begin again.</summary>
    public string? Cursor { get; init; }

    /// <summary>About how many tasks one call looks at.</summary>
    /// <value>1 to 10,000. Default: 1,000.</value>
    public int Limit
    {
        get => limit;
        init => limit = value is >= 1 and <= MaxLimit
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Limit), value, $"One call looks at 1 to {MaxLimit} tasks.");
    }
}
