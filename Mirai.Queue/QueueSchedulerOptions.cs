using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mirai.Queue;

/// <summary>Settings of one scheduler.</summary>
public sealed class QueueSchedulerOptions
{
    /// <summary>The time zone of specs that name none, by its IANA name.</summary>
    /// <value>Default: <c>UTC</c>.</value>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How often the scheduler shows its entries to inspectors; they stay there for twice as long after its
    /// last sign of life.</summary>
    /// <value>1 s to 1 h, fractions of a second are cut. Default: 10 s.</value>
    [TimeSpanRange("00:00:01", "01:00:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often providers and configuration are asked for their periodic tasks.</summary>
    /// <value>1 s to 1 day. Default: 3 min.</value>
    [TimeSpanRange("00:00:01", "1.00:00:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Called once before this scheduler enqueues a tick. The tick waits for the returned task; an exception
    /// is logged. When another scheduler is faster, no <see cref="AfterEnqueue"/> follows.</summary>
    /// <value>Default: none.</value>
    public Func<PeriodicTick, Task>? BeforeEnqueue { get; set; }

    /// <summary>Called after this scheduler enqueued a tick, with the task, or failed to, with the error: Redis refused
    /// the task (<see cref="DuplicateTaskException"/>, <see cref="TaskIdConflictException"/>), or did not answer before
    /// the next tick was due. Not called for a tick that another scheduler enqueued or that would have overlapped. An
    /// exception is logged.</summary>
    /// <value>Default: none.</value>
    public Func<PeriodicTick, TaskInfo?, Exception?, Task>? AfterEnqueue { get; set; }
}

/// <summary>One tick of a periodic task.</summary>
/// <param name="entryId">The id under which inspectors show the periodic task of this scheduler.</param>
/// <param name="task">The periodic task.</param>
/// <param name="dueAt">When the tick was due.</param>
public sealed class PeriodicTick(string entryId, PeriodicTask task, DateTimeOffset dueAt)
{
    /// <summary>The id under which inspectors show the periodic task of this scheduler.</summary>
    public string EntryId { get; } = entryId;

    /// <summary>The periodic task.</summary>
    public PeriodicTask Task { get; } = task;

    /// <summary>When the tick was due.</summary>
    public DateTimeOffset DueAt { get; } = dueAt;
}

[OptionsValidator]
internal sealed partial class QueueSchedulerOptionsValidator : IValidateOptions<QueueSchedulerOptions>;
