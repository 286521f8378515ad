namespace Mirai.Redis.Tests;

internal sealed class TimeSpanRangeAttributeTests
{
    private readonly TimeSpanRangeAttribute range = new("00:00:01", "01:00:00");

    [TestCase("00:00:00.9", false)]
    [TestCase("00:00:01", true)]
    [TestCase("01:00:00", true)]
    [TestCase("01:00:01", false)]
    public void IsValid_IncludesBothLimits(string duration, bool isValid) =>
        Assert.That(range.IsValid(TimeSpan.Parse(duration, null)), Is.EqualTo(isValid));

    [Test]
    public void Message_NamesTheOptionAndBothLimits() => Assert.That(
        range.FormatErrorMessage("Interval"), Is.EqualTo("Interval must be between 00:00:01 and 01:00:00."));
}
