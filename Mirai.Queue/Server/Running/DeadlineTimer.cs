using Mirai.Queue.Wire;

namespace Mirai.Queue.Server.Running;

/// <summary>Cancels attempts at their deadline. One timer serves all attempts: most tasks end long before their
/// deadline, and a timer for each would cost more than the task.</summary>
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
            static state => ((DeadlineTimer)state!).CancelOverdue(), this, Timeout.InfiniteTimeSpan,
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

    /// <summary>Watches an attempt that is in its slot.</summary>
    public void Watch(Attempt attempt)
    {
        lock (gate)
        {
            if (attempt.Deadline < next)
            {
                Arm(attempt.Deadline);
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private static DateTimeOffset Add(DateTimeOffset time, TimeSpan duration) =>
        duration < DateTimeOffset.MaxValue - time ? time + duration : DateTimeOffset.MaxValue;

    private void CancelOverdue()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var earliest = DateTimeOffset.MaxValue;
            foreach (var attempt in running.Snapshot())
            {
                if (attempt.Deadline <= now)
                {
                    attempt.Cancel(CancelReason.Deadline);
                }
                else if (attempt.Deadline < earliest)
                {
                    earliest = attempt.Deadline;
                }
            }

            Arm(earliest);
        }
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
