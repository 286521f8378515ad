using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Mirai.Platform.Tests;

/// <summary>A clock that stands still, and says when the code under test sets a timer: a test advances the clock to
/// that timer instead of sleeping.</summary>
internal sealed class SignallingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Channel<TimeSpan> timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Writer.TryWrite(dueTime);

        return timer;
    }

    /// <summary>Waits until the code under test has set one more timer.</summary>
    /// <param name="atLeast">Ignores timers that are due earlier.</param>
    /// <returns>When the timer is due.</returns>
    public async Task<TimeSpan> NextTimerAsync(TimeSpan atLeast)
    {
        while (true)
        {
            var due = await timers.Reader.ReadAsync().AsTask().WaitAsync(Limit, System);
            if (due >= atLeast)
            {
                return due;
            }
        }
    }

    /// <summary>Advances the clock after each timer, until a task ends.</summary>
    /// <param name="task">The task.</param>
    /// <param name="step">How far: at least as far as the timers that must fire.</param>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            var timer = timers.Reader.WaitToReadAsync().AsTask();
            await Task.WhenAny(task, timer).WaitAsync(Limit, System);
            if (timers.Reader.TryRead(out _))
            {
                Advance(step);
            }
        }
    }
}
