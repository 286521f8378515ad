using System.Collections.ObjectModel;

namespace Mirai.Queue;

/// <summary>A task as it stood in Redis at one moment.</summary>
public sealed record TaskInfo
{
    /// <summary>The id, unique in its queue.</summary>
    public required string Id { get; init; }

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The type that names the handler; empty when the message cannot be read.</summary>
    public required string Type { get; init; }

    /// <summary>The payload; <see langword="null"/> when there is none. Redis does not tell an empty payload from
    /// none.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>Where the task is.</summary>
    public required TaskState State { get; init; }

    /// <summary>How often it is tried again after a failure.</summary>
    public required int MaxRetry { get; init; }

    /// <summary>How many retries it has used.</summary>
    public int Retried { get; init; }

    /// <summary>Text of the last error; <see langword="null"/> when there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>When it failed last.</summary>
    public DateTimeOffset? LastFailedAt { get; init; }

    /// <summary>How long one attempt may run; <see langword="null"/> when only the deadline limits it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>When the last attempt must have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The group it was added to.</summary>
    public string? Group { get; init; }

    /// <summary>When it runs next: now for a pending task, the due time of a scheduled or retried one, else
    /// <see langword="null"/>.</summary>
    public DateTimeOffset? NextProcessAt { get; init; }

    /// <summary>Active, but the lease of its worker has run out: a recoverer will take it back.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>What is stored is no task that this version can read: all but the id, the queue and the state is
    /// unknown.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>How long it is kept after success.</summary>
    public TimeSpan Retention { get; init; }

    /// <summary>When it succeeded.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What its handler wrote as a result.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>Text that travels with the task.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
