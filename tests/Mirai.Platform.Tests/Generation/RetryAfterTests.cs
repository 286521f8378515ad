using Mirai.Platform.Generation.Model;

namespace Mirai.Platform.Tests.Generation;

internal sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase(null, "20", ExpectedResult = 20)]
    [TestCase("1500", "20", ExpectedResult = 1.5)]
    [TestCase(null, "Sun, 01 Mar 2026 12:01:00 GMT", ExpectedResult = 60)]
    [TestCase(null, "Sun, 01 Mar 2026 11:00:00 GMT", ExpectedResult = 0)]
    [TestCase("soon", "later", ExpectedResult = null)]
    [TestCase("-5", "-5", ExpectedResult = null)]
    [TestCase(null, null, ExpectedResult = null)]
    public double? Read_UnderstandsEveryForm(string? milliseconds, string? header) =>
        RetryAfter.Read(milliseconds, header, Now)?.TotalSeconds;
}
