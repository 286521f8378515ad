namespace Mirai.Queue;

/// <summary>A task that schedulers enqueue again and again. However many schedulers have it, each tick is enqueued
/// once. Schedulers recognize it by its queue and <see cref="Name"/>; without a name by its queue, type, payload, spec
/// and time zone.</summary>
public sealed record PeriodicTask
{
    /// <summary>Describes a periodic task.</summary>
    /// <param name="spec">See <see cref="Spec"/>.</param>
    /// <param name="task">The task to enqueue.</param>
    public PeriodicTask(string spec, QueueTask task) => (Spec, Task) = (spec, task);

    /// <summary>When to enqueue: five fields of cron (minute, hour, day of month, month, day of week), six with seconds
    /// in front, an interval such as <c>@every 90s</c>, or a descriptor such as <c>@hourly</c>. The prefix
    /// <c>CRON_TZ=Europe/Berlin</c> names a time zone.</summary>
    public string Spec { get; }

    /// <summary>The task to enqueue.</summary>
    public QueueTask Task { get; }

    /// <summary>Tells this periodic task from others with the same task and spec, and keeps its identity when its spec
    /// or payload changes.</summary>
    /// <value>Default: none.</value>
    public string? Name { get; init; }

    /// <summary>The time zone of the spec, by its IANA name.</summary>
    /// <value>Default: <see cref="QueueSchedulerOptions.TimeZone"/>. Not together with one in the spec.</value>
    public string? TimeZone { get; init; }

    /// <summary>Options that override those of the task.</summary>
    /// <value>Default: none.</value>
    public EnqueueOptions? Options { get; init; }

    /// <summary>What happens to ticks that were missed.</summary>
    /// <value>Default: <see cref="MissedTickPolicy.Skip"/>.</value>
    public MissedTickPolicy Missed { get; init; }

    /// <summary>What happens to a tick while the task of the last tick is not done.</summary>
    /// <value>Default: <see cref="OverlapPolicy.Allow"/>.</value>
    public OverlapPolicy Overlap { get; init; }
}

/// <summary>What happens to ticks that passed while no scheduler ran, or no scheduler reached Redis. Redis remembers a
/// periodic task for a week beyond the first missed tick; after that the periodic task begins anew.</summary>
public enum MissedTickPolicy
{
    /// <summary>Missed ticks are skipped, as in Asynq. A running scheduler that cannot enqueue a tick repeats the
    /// attempt until the next tick is due.</summary>
    Skip,

    /// <summary>One task for all missed ticks, at once.</summary>
    Once,

    /// <summary>One task for each missed tick, at once and in order.</summary>
    All,
}

/// <summary>What happens to a tick while the task of the last tick is not done.</summary>
public enum OverlapPolicy
{
    /// <summary>The tick is enqueued, as in Asynq.</summary>
    Allow,

    /// <summary>The tick is skipped while the last task waits (pending, scheduled, to be retried, or in a group) or
    /// runs. An archived task is done.</summary>
    Skip,
}

/// <summary>Provides periodic tasks. A scheduler asks at its start and then every
/// <see cref="QueueSchedulerOptions.SyncInterval"/>, so that periodic tasks come, change and go without a restart. A
/// periodic task that does not change keeps its entry.</summary>
public interface IPeriodicTaskProvider
{
    /// <summary>Returns all periodic tasks of this provider. An exception, or a periodic task that is not valid, stops
    /// the program at start. Later it is logged, and the last answer stays in force.</summary>
    /// <param name="cancellationToken">Fires when the scheduler stops.</param>
    /// <returns>The periodic tasks. Two of the same queue, type, payload, spec and time zone need names.</returns>
    ValueTask<IReadOnlyCollection<PeriodicTask>> GetAsync(CancellationToken cancellationToken);
}
