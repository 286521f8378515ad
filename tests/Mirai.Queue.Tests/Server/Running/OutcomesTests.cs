using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mirai.Queue.Server.Running;
using Mirai.Queue.Store;
using Mirai.Queue.Telemetry;
using Mirai.Queue.Wire;

namespace Mirai.Queue.Tests.Server.Running;

internal sealed class OutcomesTests
{
    private const long Now = 4_000_000_000;
    private static readonly TaskLease Lease = new("mail", "a", Now + 30);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    [OneTimeTearDown]
    public void DisposeServices() => services.Dispose();

    [Test]
    public void Succeed_DeletesAndReleasesTheLock_WhenNothingIsKept()
    {
        var finished = Create().Succeed(Lease, Message(unique: "asynq:{mail}:unique:t:1"));

        Assert.That(
            (finished.Outcome, finished.ReleasedLock), Is.EqualTo((TaskOutcome.Done, "asynq:{mail}:unique:t:1")));
    }

    [Test]
    public void Succeed_KeepsForItsRetention()
    {
        var message = Message(unique: "lock");
        message.Retention = 60;

        var finished = Create().Succeed(Lease, message);

        Assert.That(
            (finished.Outcome, finished.Score, finished.ReleasedLock),
            Is.EqualTo((TaskOutcome.Completed, Now + 60, "lock")));
        Assert.That(TaskMessage.Parser.ParseFrom(finished.Message.Span).CompletedAt, Is.EqualTo(Now));
    }

    [Test]
    public void Fail_Retries_WhileRetriesAreLeft()
    {
        var finished = Create(
            options => options.RetryDelay = failure =>
            {
                Assert.That((failure.TaskType, failure.MaxRetry), Is.EqualTo(("mail:send", 3)));
                Assert.That(failure.Exception.Message, Is.EqualTo("boom"));
                return TimeSpan.FromSeconds(100 + failure.Retried);
            })
            .Fail(Lease, Message(retried: 1), new InvalidOperationException("boom"));

        var stored = TaskMessage.Parser.ParseFrom(finished.Message.Span);
        Assert.That(
            (finished.Outcome, finished.Score, finished.ReleasedLock),
            Is.EqualTo((TaskOutcome.Retry, Now + 101, (string?)null)));
        Assert.That((stored.Retried, stored.ErrorMsg, stored.LastFailedAt), Is.EqualTo((2, "boom", Now)));
    }

    [Test]
    public void Fail_Archives_WhenRetriesAreUsedUp()
    {
        var finished = Create().Fail(Lease, Message(retried: 3), new InvalidOperationException("boom"));

        Assert.That((finished.Outcome, finished.Score), Is.EqualTo((TaskOutcome.Archived, Now)));
        Assert.That(TaskMessage.Parser.ParseFrom(finished.Message.Span).Retried, Is.EqualTo(3));
    }

    [TestCase("mail:poll")]
    [TestCase("mail:")]
    public void Fail_Drops_WhenAFailedTaskOfTheTypeIsWorthNothing(string pattern)
    {
        var outcomes = Create(options => options.DropFailed.Add(pattern));
        var message = Message(unique: "lock");
        message.Type = "mail:poll";

        foreach (var error in new Exception[] { new InvalidOperationException("boom"), new SkipRetryException("no") })
        {
            var finished = outcomes.Fail(Lease, message, error);
            Assert.That((finished.Outcome, finished.ReleasedLock), Is.EqualTo((TaskOutcome.Dropped, "lock")));
        }
    }

    [Test]
    public void Fail_DeletesUncounted_WhenADroppedTaskDidNotFail()
    {
        var outcomes = Create(options =>
        {
            options.DropFailed.Add("t");
            options.IsFailure = _ => false;
        });
        var message = Message();
        message.Type = "t";

        var finished = outcomes.Fail(Lease, message, new InvalidOperationException("busy"));

        Assert.That(finished.Outcome, Is.EqualTo(TaskOutcome.Done));
    }

    [Test]
    public void Fail_Archives_WhenSkipRetryIsAnywhereInTheChain()
    {
        var nested = new InvalidOperationException("outer", new AggregateException(new SkipRetryException("inner")));

        Assert.That(Create().Fail(Lease, Message(), nested).Outcome, Is.EqualTo(TaskOutcome.Archived));
        Assert.That(
            Create().Fail(Lease, Message(), new SkipRetryException("no")).Outcome, Is.EqualTo(TaskOutcome.Archived));
    }

    [Test]
    public void Fail_Deletes_WhenRevoked()
    {
        var finished = Create().Fail(Lease, Message(retried: 3, unique: "lock"), new RevokeTaskException());

        Assert.That((finished.Outcome, finished.ReleasedLock), Is.EqualTo((TaskOutcome.Done, "lock")));
    }

    [Test]
    public void Fail_UsesNoRetry_WhenItIsNoFailure()
    {
        var outcomes = Create(options => options.IsFailure = _ => false);

        var finished = outcomes.Fail(Lease, Message(retried: 1), new InvalidOperationException("busy"));

        var stored = TaskMessage.Parser.ParseFrom(finished.Message.Span);
        Assert.That(finished.Outcome, Is.EqualTo(TaskOutcome.RetryUncounted));
        Assert.That((stored.Retried, stored.ErrorMsg, stored.LastFailedAt), Is.EqualTo((1, "busy", Now)));
        Assert.That(
            outcomes.Fail(Lease, Message(retried: 3), new InvalidOperationException("busy"))
                .Outcome, Is.EqualTo(TaskOutcome.Archived),
            "used-up retries end the task all the same");
    }

    [Test]
    public void Fail_UsesDefaults_WhenTheApplicationsFunctionsThrow()
    {
        var outcomes = Create(options =>
        {
            options.RetryDelay = _ => throw new InvalidOperationException("delay");
            options.IsFailure = _ => throw new InvalidOperationException("is failure");
        });

        var finished = outcomes.Fail(Lease, Message(), new InvalidOperationException("boom"));

        Assert.That(finished.Outcome, Is.EqualTo(TaskOutcome.Retry));
        Assert.That(finished.Score, Is.InRange(Now + 15, Now + 44));
    }

    [Test]
    public void Fail_PrefersTheDelayOfTheType()
    {
        var outcomes = Create(
            new QueueServerOptions(),
            [KeyValuePair.Create<string, Func<RetryDelayArguments, TimeSpan>>("mail:", _ => TimeSpan.FromSeconds(7))]);

        Assert.That(outcomes.Fail(Lease, Message(), new InvalidOperationException("boom")).Score, Is.EqualTo(Now + 7));
    }

    [Test]
    public void Fail_RetriesAtOnce_WhenDelayIsNegative() => Assert.That(
        Create(options => options.RetryDelay = _ => TimeSpan.FromSeconds(-5))
            .Fail(Lease, Message(), new InvalidOperationException("boom")).Score,
        Is.EqualTo(Now));

    [Test]
    public void Fail_DoesNotOverflow_WhenDelayIsEndless() => Assert.That(
        Create(options => options.RetryDelay = _ => TimeSpan.MaxValue)
            .Fail(Lease, Message(), new InvalidOperationException("boom")).Outcome,
        Is.EqualTo(TaskOutcome.Retry));

    [Test]
    public void Fail_StoresTextThatUtf8CanCarry_AndNotWithoutBound()
    {
        var text = new string('x', 9_000) + "\ud800";

        var stored = TaskMessage.Parser.ParseFrom(
            Create().Fail(Lease, Message(), new InvalidOperationException(text)).Message.Span);

        Assert.That(stored.ErrorMsg, Has.Length.EqualTo((8 * 1024) + 1).And.EndWith("x…"));
    }

    [Test]
    public void Fail_StoresTheTypesName_WhenTheExceptionHasNoText() => Assert.That(
        TaskMessage.Parser.ParseFrom(Create().Fail(Lease, Message(), new EmptyException()).Message.Span).ErrorMsg,
        Is.EqualTo(nameof(EmptyException)));

    private static TaskMessage Message(int retried = 0, string unique = "") =>
        new() { Id = "a", Queue = "mail", Type = "mail:send", Retry = 3, Retried = retried, UniqueKey = unique };

    private Outcomes Create(Action<QueueServerOptions>? configure = null)
    {
        var options = new QueueServerOptions();
        configure?.Invoke(options);
        return Create(options, []);
    }

    private Outcomes Create(
        QueueServerOptions options, IEnumerable<KeyValuePair<string, Func<RetryDelayArguments, TimeSpan>>> delays) =>
        new(
            options, new PatternMap<Func<RetryDelayArguments, TimeSpan>>(delays),
            new QueueMetrics(services.GetRequiredService<IMeterFactory>()), time, NullLogger<Outcomes>.Instance);

    private sealed class EmptyException : Exception
    {
        public override string Message => "";
    }
}
