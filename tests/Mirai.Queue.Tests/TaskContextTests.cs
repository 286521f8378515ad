using Microsoft.Extensions.DependencyInjection;

namespace Mirai.Queue.Tests;

/// <summary>A context as a test of a handler creates it, and one with an attempt behind it.</summary>
internal sealed class TaskContextTests
{
    private static readonly byte[] Result = [4, 2];

    [Test]
    public async Task WriteResult_SetsTheResult_WithoutAWorker()
    {
        var context = new TaskContext { TaskId = "a", Type = "mail:send" };

        await context.WriteResultAsync(Result);

        Assert.That(context.Result?.ToArray(), Is.EqualTo(Result));
    }

    [Test]
    public async Task WriteResult_StoresTheResult_WithAWorker()
    {
        var attempt = new TestAttempt();
        var context = new TaskContext { TaskId = "a", Type = "mail:send", Attempt = attempt };

        await context.WriteResultAsync(Result);

        Assert.That((attempt.Stored, context.Result?.ToArray()), Is.EqualTo((Result, Result)));
    }

    [Test]
    public void WriteResult_SetsNoResult_WhenTheWorkerRefusesIt()
    {
        var context = new TaskContext
        {
            TaskId = "a", Type = "mail:send", Attempt = new TestAttempt { Refusal = new OperationCanceledException() },
        };

        Assert.That(() => context.WriteResultAsync(Result), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(context.Result, Is.Null);
    }

    [Test]
    public void WriteResult_IsRefused_WhenTheAttemptIsCancelled()
    {
        var context = new TaskContext
        {
            TaskId = "a", Type = "mail:send", CancellationToken = new CancellationToken(canceled: true),
        };

        Assert.That(() => context.WriteResultAsync(Result), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Services_AreThoseOfTheTest_ElseOfTheAttempt_ElseMissing()
    {
        var attempt = new TestAttempt();
        using var own = new ServiceCollection().BuildServiceProvider();

        Assert.That(
            new TaskContext { TaskId = "a", Type = "t", Services = own, Attempt = attempt }.Services,
            Is.SameAs(own));
        Assert.That(
            new TaskContext { TaskId = "a", Type = "t", Attempt = attempt }.Services, Is.SameAs(attempt.Services));
        Assert.That(
            () => new TaskContext { TaskId = "a", Type = "t" }.Services,
            Throws.InvalidOperationException.With.Message.Contains("has no services"));
    }

    [Test]
    public void Exceptions_CanBeCreatedByTests_WithTheTextsThatAreStored()
    {
        var unknown = new HandlerNotFoundException("sms:send");

        Assert.That(
            (unknown.TaskType, unknown.Message), Is.EqualTo(("sms:send", "handler not found for task \"sms:send\"")));
        Assert.That(new TaskLeaseExpiredException().Message, Is.EqualTo("asynq: task lease expired"));
    }

    private sealed class TestAttempt : ITaskAttempt
    {
        public IServiceProvider Services { get; } = new ServiceCollection().BuildServiceProvider();

        public byte[]? Stored { get; private set; }

        public Exception? Refusal { get; init; }

        public Task WriteResultAsync(ReadOnlyMemory<byte> result, CancellationToken cancellationToken)
        {
            Stored = result.ToArray();
            return Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);
        }
    }
}
