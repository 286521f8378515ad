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

    /// <summary>Called once before this scheduler tries to enqueue a tick. Another one may be faster, and then nothing
    /// follows. The tick waits for it; what it throws is logged.</summary>
    /// <value>Default: none.</value>
    public Func<PeriodicTick, Task>? BeforeEnqueue { get; set; }

    /// <summary>Called when this scheduler has enqueued a tick, with the task; or has not, with the error: the task
    /// was refused (<see cref="DuplicateTaskException"/>, <see cref="TaskIdConflictException"/>), or Redis took it not
    /// before the next tick. Not called for ticks that another scheduler enqueued or that would have overlapped. What
    /// it throws is logged.</summary>
    /// <value>Default: none.</value>
    public Func<PeriodicTick, TaskInfo?, Exception?, Task>? AfterEnqueue { get; set; }
}

[OptionsValidator]
internal sealed partial class QueueSchedulerOptionsValidator : IValidateOptions<QueueSchedulerOptions>;
