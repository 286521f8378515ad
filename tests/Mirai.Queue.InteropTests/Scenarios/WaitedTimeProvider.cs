using Microsoft.Extensions.Time.Testing;

namespace Mirai.Queue.InteropTests.Scenarios;

/// <summary>A clock that the test sets, and that tells how many loops wait for it: when all do, what was due is
/// done.</summary>
internal sealed class WaitedTimeProvider(DateTimeOffset now) : FakeTimeProvider(now)
{
    private int waiting;

    /// <summary>How many timers are running.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref waiting);
        return base.CreateTimer(Fire, state, dueTime, period);

        // Before the callback: what waits next may begin within it.
        void Fire(object? fired)
        {
            Interlocked.Decrement(ref waiting);
            callback(fired);
        }
    }
}
