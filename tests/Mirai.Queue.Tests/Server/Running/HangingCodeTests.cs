using Microsoft.Extensions.DependencyInjection;
using Mirai.Queue.Server;
using Mirai.Queue.Server.Running;

namespace Mirai.Queue.Tests.Server.Running;

/// <summary>Code of the application that never returns costs its slot until a limit: then the slot is free, the outcome
/// is written, and the log says what hung.</summary>
internal sealed class HangingCodeTests : ServerTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(1);

    private readonly ManualResetEventSlim release = new();
    private TaskCompletionSource reached = new();

    [SetUp]
    public void CloseGate()
    {
        release.Reset();
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [TearDown]
    public void LetThreadsGo() => release.Set();

    [OneTimeTearDown]
    public void DisposeGate() => release.Dispose();

    [Test]
    public async Task Deadline_EndsTheAttempt_WhenTheHandlerBlocksBeforeItsFirstAwait()
    {
        var parts = Parts(_ => Block());
        await StartAsync(parts, new EnqueueOptions { Timeout = TimeSpan.FromSeconds(5) });

        Time.Advance(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(1));
        Assert.That(parts.Running.Count, Is.EqualTo(1), "it has its grace");
        Time.Advance(Grace);
        await EndedAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context deadline exceeded"));
        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:lease"), Is.False);
        Assert.That(Lines("The handler of task a (mail:send) of queue mail was abandoned"), Is.EqualTo(1));
    }

    [Test]
    public async Task AbandonedHandler_ChangesNothing_WhenItReturnsAtLast()
    {
        var parts = Parts(_ => Block());
        await StartAsync(parts);
        parts.Running.Cancel("a", CancelReason.Canceled);
        Time.Advance(Grace);
        await EndedAsync(parts);
        Assert.That(parts.Runner.Abandoned, Is.EqualTo(1));

        release.Set();
        await TestUntilAsync(() => parts.Runner.Abandoned == 0);

        Assert.That(parts.Syncer.Leases(), Is.Empty);
        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("context canceled"));
        Assert.That((long)await Redis.StringGetAsync("asynq:{mail}:processed"), Is.EqualTo(1));
    }

    [Test]
    public async Task Attempt_RunsNoHandler_WhenNoThreadWasFreeBeforeItsEnd()
    {
        var parts = Parts();
        var message = Message("a");
        var attempt = new Attempt(parts.Runner, "mail", message, Now + 30, Time.GetUtcNow());
        parts.Running.Add(attempt);
        attempt.Cancel(CancelReason.Canceled);
        Time.Advance(Grace);
        await parts.Running.WhenEmpty().WaitAsync(Patience);

        await parts.Runner.RunAsync(attempt);

        Assert.That(Handled, Is.Empty);
        Assert.That(parts.Syncer.Leases(), Has.Count.EqualTo(1), "one outcome");
    }

    [Test]
    public async Task Stop_RequeuesTheTask_WhenItsHandlerBlocks()
    {
        var server = Server(_ => Block(), options => options.ShutdownTimeout = TimeSpan.Zero);
        server.Parts.Syncer.Start();
        await StartAsync(server.Parts);

        var stopped = server.StopAsync(CancellationToken.None);
        await PassTimeUntilAsync(() => Task.FromResult(stopped.IsCompleted));
        await stopped;

        Assert.That(await ListAsync("asynq:{mail}:pending"), Is.EqualTo(new[] { "a" }));
        Assert.That((await StoredAsync("a")).Retried, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Disposal_IsLeftBehind_WhenItNeverEnds(bool blocks)
    {
        HandlerServices.AddScoped(_ => new Hanging(this, blocks));
        var parts = Parts(context =>
        {
            context.Services.GetRequiredService<Hanging>();
            return Task.CompletedTask;
        });
        await StartAsync(parts);

        Time.Advance(StepLimit);
        await EndedAsync(parts);

        Assert.That(await Redis.KeyExistsAsync("asynq:{mail}:t:a"), Is.False, "the task succeeded");
        Assert.That(Lines("The disposal of its services did not end in time for task a"), Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ErrorHandler_IsLeftBehind_WhenItNeverEnds(bool blocks)
    {
        var parts = Parts(
            _ => throw new InvalidOperationException("boom"),
            options => options.ErrorHandler = (_, _, _) => blocks ? Block() : Hang());
        await StartAsync(parts);

        Time.Advance(StepLimit);
        await EndedAsync(parts);

        Assert.That((await StoredAsync("a")).ErrorMsg, Is.EqualTo("boom"));
        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That(await Redis.SortedSetLengthAsync("asynq:{mail}:retry"), Is.EqualTo(1));
        Assert.That(
            Lines("The error handler or the retry delay function did not end in time for task a"), Is.EqualTo(1));
    }

    [Test]
    public async Task RetryDelay_IsReplacedByTheDefault_WhenItNeverEnds()
    {
        var parts = Parts(
            _ => throw new InvalidOperationException("boom"),
            options => options.RetryDelay = _ =>
            {
                Block();
                return TimeSpan.Zero;
            });
        await StartAsync(parts);

        Time.Advance(StepLimit);
        await EndedAsync(parts);

        Assert.That((await StoredAsync("a")).Retried, Is.EqualTo(1));
        Assert.That((await ZSetAsync("asynq:{mail}:retry")).Single().Item2, Is.GreaterThan(Now + 10));
    }

    private Task Block()
    {
        reached.TrySetResult();
        release.Wait();
        return Task.CompletedTask;
    }

    private Task Hang()
    {
        reached.TrySetResult();
        return new TaskCompletionSource().Task;
    }

    private async Task StartAsync(QueueServerParts parts, EnqueueOptions? options = null)
    {
        await EnqueueAsync(NewTask("a", options));
        await parts.Processor.FillAsync();
        await reached.Task.WaitAsync(Patience);
    }

    private static async Task EndedAsync(QueueServerParts parts)
    {
        await parts.Running.WhenEmpty().WaitAsync(Patience);
        await WriteBackAsync(parts);
    }

    private static async Task TestUntilAsync(Func<bool> condition)
    {
        for (var trip = 0; !condition(); trip++)
        {
            Assert.That(trip, Is.LessThan(100_000));
            await Redis.PingAsync();
        }
    }

    private int Lines(string start) =>
        Log.Lines.Count(line => line.Message.StartsWith(start, StringComparison.Ordinal));

    private sealed class Hanging(HangingCodeTests test, bool blocks) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await (blocks ? test.Block() : test.Hang());
    }
}
