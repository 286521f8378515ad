using Mirai.Queue.Store;

namespace Mirai.Queue.Scheduler;

/// <summary>A tick that is being enqueued. Every try has the same task, so that one whose reply got lost is known
/// again.</summary>
internal sealed class OpenTick(PeriodicTick tick, NewTask task)
{
    public PeriodicTick Tick { get; } = tick;

    public NewTask Task { get; } = task;

    /// <summary>Why the last try failed.</summary>
    public Exception? Error { get; set; }
}
