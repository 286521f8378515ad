namespace Mirai.Queue;

/// <summary>A task that a server runs.</summary>
public sealed record ActiveTaskInfo
{
    /// <summary>Its id.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its payload; <see langword="null"/> when it has none.</summary>
    public required ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>When this attempt started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When this attempt must have ended; <see langword="null"/> when the server does not tell.</summary>
    public required DateTimeOffset? Deadline { get; init; }
}
