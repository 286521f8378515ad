using Mirai.Queue.Server.Running;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server.Running;

internal sealed class DeadlineTimerTests
{
    private const long Now = 4_000_000_000;

    [TestCase(60, 0, Now + 60)]
    [TestCase(0, Now + 10, Now + 10)]
    [TestCase(60, Now + 10, Now + 10)]
    [TestCase(60, Now + 90, Now + 60)]
    [TestCase(60, Now - 10, Now - 10)]
    [TestCase(0, 0, Now + 1800)]
    public void DeadlineOf_TakesTheEarlierOfTimeoutAndDeadline(long timeout, long deadline, long expected)
    {
        var actual = DeadlineTimer.DeadlineOf(
            new TaskMessage { Timeout = timeout, Deadline = deadline }, DateTimeOffset.FromUnixTimeSeconds(Now));

        Assert.That(actual, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(expected)));
    }

    [Test]
    public void DeadlineOf_DoesNotOverflow_WhenTimeoutIsAbsurd() => Assert.That(
        DeadlineTimer.DeadlineOf(new TaskMessage { Timeout = long.MaxValue }, DateTimeOffset.FromUnixTimeSeconds(Now)),
        Is.EqualTo(DateTimeOffset.MaxValue));
}
