namespace Mirai.Queue.Legacy;

/// <summary>What a migration moved of one queue, or would move.</summary>
public sealed record LegacyQueueReport
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Tasks that wait.</summary>
    public int Pending { get; init; }

    /// <summary>Tasks that are due later.</summary>
    public int Scheduled { get; init; }

    /// <summary>Tasks that wait to be tried again.</summary>
    public int Retry { get; init; }

    /// <summary>Dead tasks, which are archived ones in the current layout.</summary>
    public int Archived { get; init; }

    /// <summary>The queue was paused, and is in the current layout.</summary>
    public bool Paused { get; init; }
}
