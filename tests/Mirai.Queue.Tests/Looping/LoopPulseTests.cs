using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Looping;

namespace Mirai.Queue.Tests.Looping;

internal sealed class LoopPulseTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new();

    [Test]
    public void IsStuck_IsFalse_BeforeTheLoopBegins()
    {
        var pulse = new LoopPulse(time);

        time.Advance(TimeSpan.FromDays(1));

        Assert.That(pulse.IsStuck, Is.False);
    }

    [Test]
    public void IsStuck_IsTrue_FromTheEndOfItsPatienceOn()
    {
        var pulse = new LoopPulse(time);
        pulse.Beat(Quiet);

        time.Advance(Quiet + LoopPulse.Patience - TimeSpan.FromMilliseconds(1));
        Assert.That(pulse.IsStuck, Is.False);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(pulse.IsStuck, Is.True);
    }

    [Test]
    public void IsStuck_IsFalse_WhileItMayBeSilentForEver()
    {
        var pulse = new LoopPulse(time);

        pulse.Beat(Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromDays(30));

        Assert.That(pulse.IsStuck, Is.False);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void IsStuck_DependsOnWhoEndedTheLoop(bool wasStopped, bool expected)
    {
        var pulse = new LoopPulse(time);
        pulse.Beat(Quiet);

        pulse.End(wasStopped);

        Assert.That(pulse.IsStuck, Is.EqualTo(expected));
    }
}
