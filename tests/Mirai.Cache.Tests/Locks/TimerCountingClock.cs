using System.Collections.Concurrent;

namespace Mirai.Cache.Tests.Locks;

/// <summary>A clock that tells which timers were set: only a timer that exists fires when time passes.</summary>
internal sealed class TimerCountingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<TimeSpan, int> timers = [];

    public int TimersOf(TimeSpan dueTime) => timers.GetValueOrDefault(dueTime);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        timers.AddOrUpdate(dueTime, 1, static (_, count) => count + 1);
        return timer;
    }
}
