using System.Collections.ObjectModel;

namespace Mirai.Queue;

/// <summary>A task as it was in Redis at one moment.</summary>
/// <remarks>Two instances are equal when all properties are; payload, result and headers are compared by their
/// content.</remarks>
public sealed record TaskInfo
{
    /// <summary>The id, unique in its queue.</summary>
    public required string Id { get; init; }

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The type that names the handler; empty when the message cannot be read.</summary>
    public required string Type { get; init; }

    /// <summary>The payload; <see langword="null"/> when there is none. In Redis, an empty payload
    /// and no payload are the same.</summary>
    public ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>Where the task is.</summary>
    public required TaskState State { get; init; }

    /// <summary>How often it is retried after a failure.</summary>
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

    /// <summary>The task is active, but the lease of its worker has expired: a recoverer will move the task.</summary>
    public bool IsOrphaned { get; init; }

    /// <summary>The stored message is unreadable for this version: only the id, the queue and the state are
    /// known.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>How long it is kept after success.</summary>
    public TimeSpan Retention { get; init; }

    /// <summary>When it succeeded.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The result that its handler wrote.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    /// <summary>Text that travels with the task.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether all properties are equal; payload, result and headers are compared by their content.</summary>
    /// <param name="other">The other task.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(TaskInfo? other) => ReferenceEquals(this, other) || (other is not null
        && Id == other.Id && Queue == other.Queue && Type == other.Type && State == other.State
        && MaxRetry == other.MaxRetry && Retried == other.Retried && LastError == other.LastError
        && LastFailedAt == other.LastFailedAt && Timeout == other.Timeout && Deadline == other.Deadline
        && Group == other.Group && NextProcessAt == other.NextProcessAt && IsOrphaned == other.IsOrphaned
        && IsUnreadable == other.IsUnreadable && Retention == other.Retention && CompletedAt == other.CompletedAt
        && ContentEquality.AreEqual(Payload, other.Payload) && ContentEquality.AreEqual(Result, other.Result)
        && ContentEquality.AreEqual(Headers, other.Headers));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Id, Queue, Type, State, Retried, NextProcessAt, ContentEquality.Hash(Payload), ContentEquality.Hash(Headers));
}
