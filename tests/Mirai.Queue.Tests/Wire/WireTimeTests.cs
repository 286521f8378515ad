using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Wire;

internal sealed class WireTimeTests
{
    [Test]
    public void ToUnixNanoseconds_KeepsTicks()
    {
        var time = new DateTimeOffset(2027, 1, 15, 9, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_567);

        Assert.That(WireTime.ToUnixNanoseconds(time), Is.EqualTo(1_800_000_000_123_456_700));
        Assert.That(WireTime.FromUnixNanoseconds(1_800_000_000_123_456_789), Is.EqualTo(time));
    }

    [Test]
    public void FromSeconds_IsNull_WhenZero() => Assert.That(WireTime.FromSeconds(0), Is.Null);

    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    public void FromSeconds_Clamps_WhenNoDateCanHoldIt(long seconds) =>
        Assert.That(WireTime.FromSeconds(seconds), Is.Not.Null);

    [TestCase(long.MaxValue)]
    [TestCase(-5)]
    public void ToDuration_Clamps_WhenNoDurationCanHoldIt(long seconds) =>
        Assert.That(WireTime.ToDuration(seconds), Is.EqualTo(seconds < 0 ? TimeSpan.Zero : TimeSpan.MaxValue));
}
