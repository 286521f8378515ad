namespace Mirai.Queue.Inspector;

/// <summary>A periodic task of a scheduler that runs.</summary>
public sealed record SchedulerEntryInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When it is enqueued, for instance <c>@every 5s</c>.</summary>
    public required string Spec { get; init; }

    /// <summary>The task's type.</summary>
    public required string Type { get; init; }

    /// <summary>The task's payload; <see langword="null"/> when it has none.</summary>
    public required ReadOnlyMemory<byte>? Payload { get; init; }

    /// <summary>The task's options as Asynq prints them, for instance <c>MaxRetry(3)</c>.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>When it is enqueued next; <see langword="null"/> for never.</summary>
    public required DateTimeOffset? Next { get; init; }

    /// <summary>When it was enqueued last; <see langword="null"/> for never.</summary>
    public required DateTimeOffset? Previous { get; init; }
}
