using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Mirai.Queue.Tests.Looping;

/// <summary>A clock that stands still and tells a test which timers were started: the test moves it on when the code
/// under test waits, and not before.</summary>
internal sealed class TimerLog : FakeTimeProvider
{
    private readonly Channel<TimeSpan> started = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        started.Writer.TryWrite(dueTime);

        return timer;
    }

    /// <summary>How long the next timer runs, as soon as there is one.</summary>
    public async Task<TimeSpan> NextTimerAsync() =>
        await started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Waits for the next timer and lets it fire.</summary>
    public async Task<TimeSpan> PassNextTimerAsync()
    {
        var pause = await NextTimerAsync();
        Advance(pause);

        return pause;
    }
}
