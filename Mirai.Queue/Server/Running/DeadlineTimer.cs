namespace Mirai.Queue.Server.Running;

/// <summary>Cancels attempts at their deadline. One timer for all of them: most tasks end long before theirs, and a
/// timer each would cost more than the task.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    // The longest pause a timer takes.
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
            static state => ((DeadlineTimer)state!)
                .CancelOverdue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches an attempt that is in its slot.</summary>
    public void Watch(TaskAttempt attempt)
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
        timer.Change(pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestPause
            ? pause : LongestPause, Timeout.InfiniteTimeSpan);
    }
}
