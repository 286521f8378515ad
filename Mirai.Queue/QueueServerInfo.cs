namespace Mirai.Queue;

/// <summary>A server: a process that runs tasks.</summary>
public sealed record QueueServerInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The machine it runs on.</summary>
    public required string Host { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>How many tasks it runs at the same time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>The queues it serves, with their weights.</summary>
    public required IReadOnlyDictionary<string, int> Queues { get; init; }

    /// <summary>It empties the queue of greatest weight first.</summary>
    public required bool StrictPriority { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary><c>new</c>, <c>active</c>, <c>stopped</c> (takes nothing more) or <c>closed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What it runs.</summary>
    public required IReadOnlyList<ActiveTaskInfo> ActiveTasks { get; init; }
}
