namespace Mirai.Queue.Legacy;

/// <summary>What a migration did, or would do.</summary>
public sealed record LegacyMigrationReport
{
    /// <summary>Nothing was changed.</summary>
    public required bool IsDryRun { get; init; }

    /// <summary>What was moved, queue by queue, sorted by name. After an interruption the tasks that were moved before
    /// it are not counted again.</summary>
    public required IReadOnlyList<LegacyQueueReport> Queues { get; init; }

    /// <summary>What stays where it is, and why: the first 1,000 of them.</summary>
    public required IReadOnlyList<LegacyLeftTask> Left { get; init; }

    /// <summary>How many stay where they are.</summary>
    public required int LeftCount { get; init; }
}
