using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Server.Taking;

namespace Mirai.Queue.Tests.Server.Taking;

internal sealed class IdleWaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(16);

    private readonly FakeTimeProvider time = new();

    [Test]
    public async Task Wait_EndsAtOnce_WhenASignalCameBefore()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        idle.WakeUp();

        await idle.WaitAsync(CancellationToken.None).WaitAsync(Patience);
    }

    [Test]
    public async Task Wait_EndsBetweenHalfAndOneAndAHalfIntervals_WithoutASignal()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        var wait = idle.WaitAsync(CancellationToken.None);

        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.That(wait.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1001));

        await wait.WaitAsync(Patience);
    }

    [Test]
    public async Task Wait_EndsAtThePoll_ThoughSignalsKeepComing()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        idle.BeginInterval();
        for (var signal = 0; signal < 15; signal++)
        {
            Assert.That(await IsHeldBackAsync(idle), Is.False);
            idle.Polled(foundTasks: true);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(idle.IsPollDue, Is.True);
        await idle.WaitAsync(CancellationToken.None).WaitAsync(Patience);
    }

    [Test]
    public async Task Wait_EndsAtOnce_AfterTheFirstSignalsThatCameTooLate()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);

        for (var miss = 0; miss < 4; miss++)
        {
            Assert.That(await IsHeldBackAsync(idle), Is.False);
            idle.Polled(foundTasks: false);
        }
    }

    [Test]
    public async Task Wait_HoldsBack_WhenSignalsKeepComingTooLate()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        var held = 0;
        for (var miss = 0; miss < 100; miss++)
        {
            held += await IsHeldBackAsync(idle) ? 1 : 0;
            idle.Polled(foundTasks: false);
        }

        // The hold is random, and less than a millisecond is none: of 16 waits, about one is not held.
        Assert.That(held, Is.GreaterThan(60));
    }

    [Test]
    public async Task Wait_HoldsBackNoLonger_WhenAPollFoundATask()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        for (var miss = 0; miss < 20; miss++)
        {
            await IsHeldBackAsync(idle);
            idle.Polled(foundTasks: false);
        }

        await IsHeldBackAsync(idle);
        idle.Polled(foundTasks: true);

        for (var wait = 0; wait < 4; wait++)
        {
            Assert.That(await IsHeldBackAsync(idle), Is.False);
            idle.Polled(foundTasks: false);
        }
    }

    [Test]
    public async Task Wait_DoesNotHoldBack_WhenPollsWithoutASignalFindNothing()
    {
        var idle = new IdleWait(TimeSpan.FromSeconds(1), time);
        for (var poll = 0; poll < 20; poll++)
        {
            var wait = idle.WaitAsync(CancellationToken.None);
            time.Advance(TimeSpan.FromSeconds(1.5));
            await wait.WaitAsync(Patience);
            idle.Polled(foundTasks: false);
        }

        Assert.That(await IsHeldBackAsync(idle), Is.False);
    }

    [Test]
    public void Wait_EndsInCancellation_WhenTheServerStops()
    {
        using var stopping = new CancellationTokenSource();
        var wait = new IdleWait(TimeSpan.FromSeconds(1), time).WaitAsync(stopping.Token);

        stopping.Cancel();

        Assert.That(() => wait, Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Waits for a signal that is there already.</summary>
    /// <returns>Whether the wait needed time to pass.</returns>
    private async Task<bool> IsHeldBackAsync(IdleWait idle)
    {
        idle.WakeUp();
        var wait = idle.WaitAsync(CancellationToken.None);
        var isHeld = !wait.IsCompleted;
        time.Advance(LongestHold);
        await wait.WaitAsync(Patience);

        return isHeld;
    }
}
