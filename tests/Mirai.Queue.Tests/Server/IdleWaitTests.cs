using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server;

internal sealed class IdleWaitTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public async Task Wait_EndsAtOnce_WhenASignalCameBefore()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        idle.WakeUp();

        await idle.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Wait_EndsBetweenHalfAndOneAndAHalfIntervals_WithoutASignal()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        var wait = idle.WaitAsync(CancellationToken.None);

        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.That(wait.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1001));

        await wait.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Wait_HoldsBackALittle_WhenSignalsKeepComingTooLate()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        for (var miss = 0; miss < 20; miss++)
        {
            idle.WakeUp();
            var held = idle.WaitAsync(CancellationToken.None);
            time.Advance(TimeSpan.FromMilliseconds(16));
            await held.WaitAsync(TimeSpan.FromSeconds(10));
            idle.Polled(foundTasks: false);
        }

        idle.WakeUp();
        var last = idle.WaitAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(16));
        await last.WaitAsync(TimeSpan.FromSeconds(10));
        idle.Polled(foundTasks: true);

        // One that found a task is quick again: no time passes any more.
        idle.WakeUp();
        await idle.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public void Wait_EndsInCancellation_WhenTheServerStops()
    {
        using var stopping = new CancellationTokenSource();
        var wait = new IdleWait(TimeSpan.FromSeconds(1), time).WaitAsync(stopping.Token);

        stopping.Cancel();

        Assert.That(() => wait, Throws.InstanceOf<OperationCanceledException>());
    }
}
