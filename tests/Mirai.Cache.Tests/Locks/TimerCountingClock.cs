using System.Collections.Concurrent;

namespace Mirai.Cache.Tests.Locks;

/// <summary>A clock that counts its timers: only a timer that exists fires when time passes.</summary>
internal sealed class TimerCountingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<TimeSpan, int> timers = [];

    private readonly Pulse created = new();

    /// <summary>Waits until a number of timers was created for a time.</summary>
    public Task UntilTimersAsync(TimeSpan dueTime, int count) =>
        created.UntilAsync(() => timers.GetValueOrDefault(dueTime) >= count);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        timers.AddOrUpdate(dueTime, 1, static (_, count) => count + 1);
        created.Beat();
        return timer;
    }
}
