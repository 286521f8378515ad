namespace Mirai.Queue;

/// <summary>A task that is enqueued again and again. However many schedulers have it, each tick is enqueued once; they
/// know it by its queue and <see cref="Name"/>, without a name by its queue, type, payload, spec and time
/// zone.</summary>
/// <param name="Spec">When: five fields of cron (minute, hour, day of month, month, day of week), six with seconds in
/// front, <c>@every 90s</c>, <c>@hourly</c> and its like; perhaps after <c>CRON_TZ=Europe/Berlin</c>.</param>
/// <param name="Task">What is enqueued.</param>
public sealed record PeriodicTask(string Spec, QueueTask Task)
{
    /// <summary>Tells it from others that are alike, and makes it the same one after its spec or payload
    /// changed.</summary>
    /// <value>Default: none.</value>
    public string? Name { get; init; }

    /// <summary>The time zone of the spec, by its IANA name.</summary>
    /// <value>Default: <see cref="QueueSchedulerOptions.TimeZone"/>. Not together with one in the spec.</value>
    public string? TimeZone { get; init; }

    /// <summary>Options that override those of the task.</summary>
    /// <value>Default: none.</value>
    public EnqueueOptions? Options { get; init; }

    /// <summary>What becomes of ticks that were missed.</summary>
    /// <value>Default: <see cref="MissedTickPolicy.Skip"/>.</value>
    public MissedTickPolicy Missed { get; init; }

    /// <summary>What becomes of a tick while the last task is not done.</summary>
    /// <value>Default: <see cref="OverlapPolicy.Allow"/>.</value>
    public OverlapPolicy Overlap { get; init; }
}
