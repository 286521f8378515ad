using Mirai.Queue.Server.Running;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server;

internal sealed class AttemptDeadlineTests
{
    private const long Now = 4_000_000_000;

    [TestCase(60, 0, Now + 60)]
    [TestCase(0, Now + 10, Now + 10)]
    [TestCase(60, Now + 10, Now + 10)]
    [TestCase(60, Now + 90, Now + 60)]
    [TestCase(60, Now - 10, Now - 10)]
    [TestCase(0, 0, Now + 1800)]
    public void For_TakesTheEarlierOfTimeoutAndDeadline(long timeout, long deadline, long expected)
    {
        var actual = AttemptDeadline.For(
            new TaskMessage { Timeout = timeout, Deadline = deadline }, DateTimeOffset.FromUnixTimeSeconds(Now));

        Assert.That(actual, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(expected)));
    }

    [Test]
    public void For_DoesNotOverflow_WhenTimeoutIsAbsurd() => Assert.That(
        AttemptDeadline.For(new TaskMessage { Timeout = long.MaxValue }, DateTimeOffset.FromUnixTimeSeconds(Now)),
        Is.EqualTo(DateTimeOffset.MaxValue));
}
