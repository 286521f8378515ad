namespace Mirai.Queue;

/// <summary>How a task is stored and run. <see langword="null"/> means that the option is not set: then the task's own
/// option is used, and after that the default.</summary>
/// <remarks>Redis keeps whole seconds, as Asynq does. Fractions of a second are cut, but a due time is rounded up, so that
/// no task starts early, and a <see cref="Timeout"/> below one second becomes one second. No duration may be longer than
/// Go's 292 years. Two instances are equal when all options are, including the headers.</remarks>
public sealed record EnqueueOptions
{
    /// <summary>The queue of a task without a queue of its own.</summary>
    public const string DefaultQueue = "default";

    /// <summary>How often a failed task is retried by default.</summary>
    public const int DefaultMaxRetry = 25;

    /// <summary>How long one attempt may run when the task has neither a timeout nor a deadline.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    internal static readonly EnqueueOptions None = new();

    /// <summary>The queue; case-sensitive, used verbatim. 1 to 256 characters, not blank, without stars and control
    /// characters, and not beginning with a closing brace: no server serves, or no script reaches, other
    /// queues.</summary>
    /// <value>Default: <see cref="DefaultQueue"/>.</value>
    public string? Queue { get; init; }

    /// <summary>How often the task is retried after a failure; a negative number counts as 0.</summary>
    /// <value>Default: <see cref="DefaultMaxRetry"/>.</value>
    public int? MaxRetry { get; init; }

    /// <summary>How long one attempt may run; not negative. Zero says the same as <see langword="null"/>: there is no
    /// attempt without a limit.</summary>
    /// <value>Default: <see cref="DefaultTimeout"/> without a <see cref="Deadline"/>, else only the deadline.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>When the last attempt must have ended; retries do not move it. It must lie in the future, and later than
    /// the due time. A task that still waits then is archived when a worker takes it, and does not run. The Unix epoch
    /// means no deadline, as in Asynq.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the task is due; a time that has passed means now. Not together with
    /// <see cref="ProcessIn"/>.</summary>
    public DateTimeOffset? ProcessAt { get; init; }

    /// <summary>How long from now the task is due; zero and less mean now. Not together with <see cref="ProcessAt"/>.</summary>
    public TimeSpan? ProcessIn { get; init; }

    /// <summary>Refuses an equal task (same queue, type and payload bytes) for this long, or until this one has
    /// succeeded.</summary>
    /// <value>At least one second. For a scheduled task it counts from the due time.</value>
    public TimeSpan? UniqueFor { get; init; }

    /// <summary>The task's id, unique in its queue; not blank.</summary>
    /// <value>Default: a random UUID.</value>
    public string? TaskId { get; init; }

    /// <summary>How long the task and its result stay readable after success; not negative.</summary>
    /// <value>Default: not at all.</value>
    public TimeSpan? Retention { get; init; }

    /// <summary>Holds the task back until its group is aggregated; not blank. A due time in the future wins over
    /// it.</summary>
    public string? Group { get; init; }

    /// <summary>Text that travels with the task, such as trace context. Asynq keeps headers since v0.26.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Whether all options are equal; the headers are compared by their content.</summary>
    /// <param name="other">The other options.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(EnqueueOptions? other) => ReferenceEquals(this, other) || (other is not null
        && Queue == other.Queue && MaxRetry == other.MaxRetry && Timeout == other.Timeout
        && Deadline == other.Deadline && ProcessAt == other.ProcessAt && ProcessIn == other.ProcessIn
        && UniqueFor == other.UniqueFor && TaskId == other.TaskId && Retention == other.Retention
        && Group == other.Group && ContentEquality.AreEqual(Headers, other.Headers));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Queue, MaxRetry, Timeout, ProcessAt, ProcessIn, TaskId, Group, ContentEquality.Hash(Headers));

    /// <summary>These options, replaced by every option that <paramref name="overrides"/> sets.</summary>
    internal EnqueueOptions With(EnqueueOptions? overrides)
    {
        if (overrides is null || ReferenceEquals(overrides, None))
        {
            return this;
        }

        // ProcessAt and ProcessIn are one setting: overrides that set one of them replace both.
        var schedule = overrides.ProcessAt is null && overrides.ProcessIn is null ? this : overrides;

        return ReferenceEquals(this, None)
            ? overrides
            : new EnqueueOptions
            {
                Queue = overrides.Queue ?? Queue,
                MaxRetry = overrides.MaxRetry ?? MaxRetry,
                Timeout = overrides.Timeout ?? Timeout,
                Deadline = overrides.Deadline ?? Deadline,
                ProcessAt = schedule.ProcessAt,
                ProcessIn = schedule.ProcessIn,
                UniqueFor = overrides.UniqueFor ?? UniqueFor,
                TaskId = overrides.TaskId ?? TaskId,
                Retention = overrides.Retention ?? Retention,
                Group = overrides.Group ?? Group,
                Headers = Merge(Headers, overrides.Headers),
            };
    }

    private static IReadOnlyDictionary<string, string>? Merge(
        IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string>? overrides)
    {
        if (own is null || overrides is null)
        {
            return overrides ?? own;
        }

        var merged = new Dictionary<string, string>(own);
        foreach (var (key, value) in overrides)
        {
            merged[key] = value;
        }

        return merged;
    }
}
