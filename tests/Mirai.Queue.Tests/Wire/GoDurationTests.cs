using CsCheck;

namespace Mirai.Queue.Tests.Wire;

internal sealed class GoDurationTests
{
    // Go counts nanoseconds.
    private const long LongestTicks = long.MaxValue / 100;

    [TestCase("0", "00:00:00")]
    [TestCase("0s", "00:00:00")]
    [TestCase("90m", "01:30:00")]
    [TestCase("1h30m0s", "01:30:00")]
    [TestCase("1.5s", "00:00:01.5000000")]
    [TestCase(".5s", "00:00:00.5000000")]
    [TestCase("100ms", "00:00:00.1000000")]
    [TestCase("2µs", "00:00:00.0000020")]
    [TestCase("2us", "00:00:00.0000020")]
    [TestCase("150ns", "00:00:00.0000001")]
    [TestCase("-1h", "-01:00:00")]
    [TestCase("+1h", "01:00:00")]
    [TestCase("36h", "1.12:00:00")]
    [TestCase("2562047h47m16.854775807s", "106751.23:47:16.8547758")]
    [TestCase("-2562047h47m16.854775808s", "-106751.23:47:16.8547758")]
    public void TryParse_ReadsDuration_WhenGoWouldWriteIt(string text, string expected)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.True);
        Assert.That(duration, Is.EqualTo(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("5")]
    [TestCase("s")]
    [TestCase(".s")]
    [TestCase("1.2.3s")]
    [TestCase("1d")]
    [TestCase("1 h")]
    [TestCase("h1")]
    [TestCase("1h-5m")]
    [TestCase("00:01:00")]
    [TestCase("99999999999999999999999h")]
    [TestCase("99999999999999999999h")]
    [TestCase("9223372036854775808ns")]
    [TestCase("-9223372036854775809ns")]
    [TestCase("2562047h47m16.854775808s")]
    [TestCase("1e3s")]
    public void TryParse_Refuses_WhenTextIsNoDuration(string text) =>
        Assert.That(GoDuration.TryParse(text, out _), Is.False);

    [Test]
    public void Format_ReadsBack_ForEveryDurationOfGo() =>
        Gen.Long[-LongestTicks, LongestTicks].Select(TimeSpan.FromTicks).Sample(
        duration => GoDuration.TryParse(GoDuration.Format(duration), out var back) && back == duration);
}
