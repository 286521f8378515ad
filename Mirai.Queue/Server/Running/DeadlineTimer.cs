using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Cancels attempts at their deadline, and goes on without code of the application that has taken too long.
/// One timer serves all attempts: most tasks end long before their deadline, and a timer for each would cost more
/// than the task.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    // The longest pause that a timer accepts.
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly RunningTasks running;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private DateTimeOffset next = DateTimeOffset.MaxValue;

    public DeadlineTimer(RunningTasks running, TimeProvider time)
    {
        this.running = running;
        this.time = time;
        timer = time.CreateTimer(
            static state => ((DeadlineTimer)state!).CheckLimits(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>When an attempt that starts now has taken too long (docs/wire.md, "Deadline of an
    /// execution").</summary>
    public static DateTimeOffset DeadlineOf(TaskMessage message, DateTimeOffset now)
    {
        var deadline = WireTime.FromSeconds(message.Deadline);
        if (message.Timeout > 0)
        {
            var timeout = Add(now, WireTime.ToDuration(message.Timeout));
            return deadline < timeout ? deadline.Value : timeout;
        }

        // A message without both comes from a producer that cut half a second to nothing; Asynq takes 30 minutes.
        return deadline ?? now + EnqueueOptions.DefaultTimeout;
    }

    /// <summary>Looks at all attempts that are in a slot at this moment, if not before.</summary>
    public void Watch(DateTimeOffset limit)
    {
        lock (gate)
        {
            if (limit < next)
            {
                Arm(limit);
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private static DateTimeOffset Add(DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;

    private void CheckLimits()
    {
        lock (gate)
        {
            next = DateTimeOffset.MaxValue; // a limit that is set from here on arms the timer itself
        }

        var now = time.GetUtcNow();
        var earliest = DateTimeOffset.MaxValue;
        foreach (var attempt in running.Snapshot())
        {
            var limit = attempt.CheckLimit(now);
            earliest = limit < earliest ? limit : earliest;
        }

        Watch(earliest);
    }

    private void Arm(DateTimeOffset due)
    {
        next = due;
        if (due == DateTimeOffset.MaxValue)
        {
            return;
        }

        // A timer may fire a little early: rounding up saves a second look.
        var pause = due - time.GetUtcNow() + TimeSpan.FromMilliseconds(1);
        pause = pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
        timer.Change(pause < LongestPause ? pause : LongestPause, Timeout.InfiniteTimeSpan);
    }
}
