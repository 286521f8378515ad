using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Mirai.Api.Problems;
using Mirai.Testing;

namespace Mirai.Api.Tests.Problems;

internal sealed class OutageLogTests
{
    [Test]
    public void Note_WritesOneLineNowAndThen_HoweverManyRequestsFail()
    {
        var time = new FakeTimeProvider();
        using var lines = new TestLog();
        using var factory = new LoggerFactory([lines]);
        var outages = new OutageLog(time, factory.CreateLogger<OutageLog>());

        for (var request = 0; request < 100; request++)
        {
            outages.Note("Redis", new TimeoutException("no answer"));
        }

        outages.Note("The database", new TimeoutException("no answer"));
        time.Advance(TimeSpan.FromSeconds(31));
        outages.Note("Redis", new TimeoutException("no answer"));

        Assert.That(lines.Select(line => line.TrimEnd()), Is.EqualTo(new[]
        {
            "Warning Redis does not answer: 1 requests got 503 since the last such line. no answer",
            "Warning The database does not answer: 1 requests got 503 since the last such line. no answer",
            "Warning Redis does not answer: 100 requests got 503 since the last such line. no answer",
        }));
    }
}
