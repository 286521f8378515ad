namespace Mirai.Queue;

/// <summary>A periodic task of a scheduler that runs.</summary>
public sealed class SchedulerEntryInfo
{
    internal SchedulerEntryInfo()
    {
    }

    /// <summary>The entry's id; drawn anew whenever a scheduler starts.</summary>
    public string Id { get; internal init; } = "";

    /// <summary>When the task is enqueued, for instance <c>@every 5s</c>.</summary>
    public string Spec { get; internal init; } = "";

    /// <summary>The task's type.</summary>
    public string Type { get; internal init; } = "";

    /// <summary>The task's payload; <see langword="null"/> when it has none.</summary>
    public ReadOnlyMemory<byte>? Payload { get; internal init; }

    /// <summary>The task's options as Asynq prints them, for instance <c>MaxRetry(3)</c>.</summary>
    public IReadOnlyList<string> Options { get; internal init; } = [];

    /// <summary>When the task is enqueued next; <see langword="null"/> for never.</summary>
    public DateTimeOffset? Next { get; internal init; }

    /// <summary>When the task was enqueued last; <see langword="null"/> for never.</summary>
    public DateTimeOffset? Previous { get; internal init; }

    /// <summary>The queue that the task goes to; <see langword="null"/> when the option that names the queue cannot be
    /// read.</summary>
    public string? Queue { get; internal init; }

    /// <summary>The task that the scheduler enqueues, with the entry's options, to enqueue it out of turn. Headers are
    /// not stored with an entry.</summary>
    /// <value><see langword="null"/> when the type is blank or an option cannot be read: see
    /// <see cref="TaskProblem"/>.</value>
    public QueueTask? Task { get; internal init; }

    /// <summary>Why <see cref="Task"/> is <see langword="null"/>, in a sentence that names the option.</summary>
    public string? TaskProblem { get; internal init; }
}

/// <summary>A task that a scheduler has enqueued.</summary>
/// <param name="taskId">The task's id.</param>
/// <param name="enqueuedAt">When the task was enqueued.</param>
public sealed class SchedulerEventInfo(string taskId, DateTimeOffset enqueuedAt)
{
    /// <summary>The task's id.</summary>
    public string TaskId { get; } = taskId;

    /// <summary>When the task was enqueued.</summary>
    public DateTimeOffset EnqueuedAt { get; } = enqueuedAt;
}
