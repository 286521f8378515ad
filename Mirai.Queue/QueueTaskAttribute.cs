namespace Mirai.Queue;

/// <summary>Says of a payload record which tasks carry it and what holds for them by default.</summary>
/// <remarks>A number of seconds below zero, or of retries, means "not said".</remarks>
/// <param name="type">The task type, for instance <c>email:welcome</c>; not blank.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class QueueTaskAttribute(string type) : Attribute
{
    /// <summary>The task type.</summary>
    public string Type { get; } = type;

    /// <summary>The queue.</summary>
    /// <value>Default: <see cref="EnqueueOptions.DefaultQueue"/>.</value>
    public string? Queue { get; set; }

    /// <summary>How often a failed task is tried again.</summary>
    /// <value>Default: <see cref="EnqueueOptions.DefaultMaxRetry"/>.</value>
    public int MaxRetry { get; set; } = -1;

    /// <summary>How long one attempt may run, in seconds.</summary>
    /// <value>Default: <see cref="EnqueueOptions.DefaultTimeout"/>.</value>
    public int TimeoutSeconds { get; set; } = -1;

    /// <summary>How long an equal task is refused, in seconds.</summary>
    /// <value>Default: not at all.</value>
    public int UniqueForSeconds { get; set; } = -1;

    /// <summary>How long the task stays readable after success, in seconds.</summary>
    /// <value>Default: not at all.</value>
    public int RetentionSeconds { get; set; } = -1;

    internal EnqueueOptions ToOptions() => new()
    {
        Queue = Queue,
        MaxRetry = MaxRetry < 0 ? null : MaxRetry,
        Timeout = Seconds(TimeoutSeconds),
        UniqueFor = Seconds(UniqueForSeconds),
        Retention = Seconds(RetentionSeconds),
    };

    private static TimeSpan? Seconds(int seconds) => seconds < 0 ? null : TimeSpan.FromSeconds(seconds);
}
