using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Looping;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisHealthTests
{
    private readonly TimerLog time = new();
    private readonly LogList<RedisHealth> log = new();

    [Test]
    public async Task Retry_RepeatsTheCall_UntilRedisAnswers()
    {
        var health = new RedisHealth(time, log);
        var left = 2;

        var call = health.RetryAsync(
            _ => left-- > 0 ? throw new TimeoutException("away") : Task.CompletedTask, CancellationToken.None);
        await time.PassNextTimerAsync();
        await time.PassNextTimerAsync();
        await call.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(left, Is.EqualTo(-1));
        Assert.That(health.AwaySince, Is.Null);
        Assert.That(health.BackSince, Is.EqualTo(time.GetUtcNow()));
    }

    [Test]
    public async Task Retry_Throws_WhenRedisRefuses()
    {
        var health = new RedisHealth(time, log);

        await Assert.ThatAsync(
            () => health.RetryAsync(_ => throw new RedisServerException(
                RedisErrorKind.WrongType, CommandFlags.None, "WRONGTYPE"), CancellationToken.None),
            Throws.TypeOf<RedisServerException>());

        Assert.That(health.AwaySince, Is.Null, "Redis answered");
    }

    [Test]
    public async Task Retry_Ends_WhenItIsCanceledBetweenTwoCalls()
    {
        using var stopping = new CancellationTokenSource();
        var call = new RedisHealth(time, log).RetryAsync(_ => throw new TimeoutException("away"), stopping.Token);
        await time.NextTimerAsync();

        await stopping.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Log_SaysWhenRedisGoes_RemindsOnceAMinute_AndSaysWhenItIsBack()
    {
        var health = new RedisHealth(time, log);
        for (var second = 0; second <= 130; second++)
        {
            health.Failed(new TimeoutException("away"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        health.Succeeded();
        health.Succeeded();

        Assert.That(log.Lines.Select(line => line.Level), Is.EqualTo(
            new[] { LogLevel.Warning, LogLevel.Warning, LogLevel.Warning, LogLevel.Information }));
        Assert.That(log.Lines[^1].Message, Does.Contain("00:02:11"));
    }

    [Test]
    public void Log_SaysFirstTime_WhenRedisNeverAnsweredBefore_AndAgainLater()
    {
        var health = new RedisHealth(time, log);

        health.Failed(new TimeoutException("away"));
        health.Succeeded();
        health.Failed(new TimeoutException("away"));
        health.Succeeded();

        Assert.That(
            log.Lines.Where(line => line.Level == LogLevel.Information).Select(line => line.Message),
            Is.EqualTo(new[]
            {
                "Redis answers for the first time, 00:00:00 after the first attempt",
                "Redis answers again after 00:00:00",
            }));
    }

    [TestCase(RedisErrorKind.WrongPass, "it refuses the user or the password (on purpose)")]
    [TestCase(RedisErrorKind.NoAuth, "it refuses the user or the password (on purpose)")]
    [TestCase(RedisErrorKind.Loading, "it is loading its data (on purpose)")]
    [TestCase(RedisErrorKind.Misconfigured, "it refuses writes (on purpose)")]
    public async Task Retry_RepeatsAndSaysWhatIsWrong_WhenRedisRefusesEveryCommand(RedisErrorKind kind, string text)
    {
        var health = new RedisHealth(time, log);
        var isFirst = true;

        var call = health.RetryAsync(
            _ => isFirst && !(isFirst = false)
                ? throw new RedisServerException(kind, CommandFlags.None, "on purpose") : Task.CompletedTask,
            CancellationToken.None);
        await time.PassNextTimerAsync();
        await call.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(log.Lines[0].Message, Does.StartWith($"Redis does not serve Mirai: {text}"));
    }

    [Test]
    public void Read_DoesNotProve_ThatRedisAcceptsWritesAgain()
    {
        var health = new RedisHealth(time, log);
        health.Failed(new RedisServerException(RedisErrorKind.Misconfigured, CommandFlags.None, "MISCONF"));

        time.Advance(TimeSpan.FromSeconds(9));
        health.Succeeded();
        Assert.That(health.AwayReason, Is.EqualTo("Redis refuses writes, because it cannot save."));

        time.Advance(TimeSpan.FromSeconds(1));
        health.Succeeded();
        Assert.That(health.AwayReason, Is.Null);
    }

    [Test]
    public async Task BackOff_IsARandomPart_OfABoundThatGrowsToTwoSeconds()
    {
        var health = new RedisHealth(time, log);
        foreach (var (failures, bound) in ((int, double)[])[(0, 0.05), (3, 0.4), (6, 2), (int.MaxValue, 2)])
        {
            var pauses = new List<TimeSpan>();
            for (var i = 0; i < 50; i++)
            {
                _ = health.BackOffAsync(failures, CancellationToken.None);
                pauses.Add(await time.NextTimerAsync());
            }

            Assert.That(pauses.Max(), Is.InRange(TimeSpan.FromSeconds(bound / 2), TimeSpan.FromSeconds(bound)));
            Assert.That(pauses.Min(), Is.LessThan(TimeSpan.FromSeconds(bound / 2)));
        }
    }
}
