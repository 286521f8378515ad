using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Mirai.Api.Problems;
using Mirai.Testing;
using StackExchange.Redis;

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
            "Warning Redis does not answer: 1 requests failed since this was last logged. no answer",
            "Warning The database does not answer: 1 requests failed since this was last logged. no answer",
            "Warning Redis does not answer: 100 requests failed since this was last logged. no answer",
        }));
    }

    [Test]
    public void Describe_SaysWhetherRedisAnswered()
    {
        var refusal = new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM command not allowed");

        Assert.That(OutageLog.Describe(refusal), Is.EqualTo("is full: it stores nothing new until tasks are done or deleted"));
        Assert.That(
            OutageLog.Describe(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM")),
            Is.EqualTo("refuses the request (NoPermission)"));
        Assert.That(OutageLog.Describe(new TimeoutException("no answer")), Is.EqualTo("does not answer"));
    }
}
