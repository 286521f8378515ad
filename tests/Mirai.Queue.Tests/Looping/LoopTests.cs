using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mirai.Queue.Looping;

namespace Mirai.Queue.Tests.Looping;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LoopTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TimerLog time = new();
    private readonly LogList<RedisHealth> healthLog = new();
    private readonly LogList<Loop> log = new();
    private readonly RedisHealth health;

    public LoopTests() => health = new RedisHealth(time, healthLog);

    [Test]
    public async Task Loop_WaitsBetweenPasses_AsLongAsEachPassSays()
    {
        var pauses = new Queue<TimeSpan>([Pause, 3 * Pause, TimeSpan.Zero, Pause]);
        var loop = Create(_ => Task.FromResult(pauses.Dequeue()));

        loop.Start();

        Assert.That(await time.PassNextTimerAsync(), Is.EqualTo(Pause));
        Assert.That(await time.PassNextTimerAsync(), Is.EqualTo(3 * Pause));
        Assert.That(await time.NextTimerAsync(), Is.EqualTo(Pause), "no timer for a pause of zero");
        Assert.That(loop.Passes, Is.EqualTo(4));
        await loop.StopAsync();
    }

    [Test]
    public async Task Loop_WaitsForItsFirstPause_BeforeItsFirstPass()
    {
        var loop = Create(_ => Task.FromResult(Pause), firstPause: 2 * Pause);

        loop.Start();

        Assert.That(await time.NextTimerAsync(), Is.EqualTo(2 * Pause));
        Assert.That(loop.Passes, Is.Zero);
        await loop.StopAsync();
    }

    [Test]
    public async Task RunNow_CutsThePauseShort()
    {
        var loop = Create(_ => Task.FromResult(Pause));
        loop.Start();
        await time.NextTimerAsync();

        loop.LookNow();

        Assert.That(await time.NextTimerAsync(), Is.EqualTo(Pause));
        Assert.That(loop.Passes, Is.EqualTo(2));
        await loop.StopAsync();
    }

    [Test]
    public async Task StartAndStop_CountOnce_WhenTheyAreCalledTwice()
    {
        var loop = Create(_ => Task.FromResult(Pause));

        loop.Start();
        loop.Start();
        await time.NextTimerAsync();
        await Task.WhenAll(loop.StopAsync(), loop.StopAsync()).WaitAsync(TimeSpan.FromSeconds(10));
        loop.Start();

        Assert.That((loop.Passes, loop.Ends), Is.EqualTo((1, 1)));
        Assert.That(loop.Pulse.IsStuck, Is.False);
    }

    [Test]
    public async Task Stop_EndsALoop_ThatWasNeverStarted()
    {
        var loop = Create(_ => Task.FromResult(Pause));

        await loop.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(loop.Passes, Is.Zero);
    }

    [Test]
    public async Task Stop_AbandonsThePass_WhenItHasNoPatience()
    {
        var entered = new TaskCompletionSource();
        var loop = Create(_ => NeverAsync(entered));
        loop.Start();
        await entered.Task;

        await loop.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(log.Lines, Is.Empty);
    }

    [Test]
    public async Task Stop_WaitsForThePass_WhileItHasPatience()
    {
        var (entered, finish) = (new TaskCompletionSource(), new TaskCompletionSource<TimeSpan>());
        var loop = Create(
            _ =>
            {
                entered.SetResult();
                return finish.Task;
            },
            stopPatience: Pause);
        loop.Start();
        await entered.Task;

        var stop = loop.StopAsync();
        await time.NextTimerAsync();
        Assert.That(stop.IsCompleted, Is.False);
        finish.SetResult(Pause);

        await stop.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(log.Lines, Is.Empty);
    }

    [Test]
    public async Task Stop_AbandonsThePassAndSaysSo_WhenItsPatienceIsOver()
    {
        var entered = new TaskCompletionSource();
        var loop = Create(_ => NeverAsync(entered), stopPatience: Pause);
        loop.Start();
        await entered.Task;

        var stop = loop.StopAsync();
        Assert.That(await time.PassNextTimerAsync(), Is.EqualTo(Pause));

        await stop.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(log.Lines.Single().Message, Does.StartWith("Test duty did not end within 00:00:10"));
    }

    [Test]
    public async Task Stop_Succeeds_WhenThePassFailsBecauseOfIt()
    {
        var entered = new TaskCompletionSource();
        var loop = Create(
            async token =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, time, token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new InvalidOperationException("interrupted");
            },
            stopPatience: Pause);
        loop.Start();
        await entered.Task;

        await loop.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(log.Lines, Is.Empty);
    }

    [Test]
    [CancelAfter(10_000)]
    public async Task Stop_Succeeds_WhenTheLoopHasEndedByABug(CancellationToken patience)
    {
        var loop = Create(_ => Task.FromResult(TimeSpan.MaxValue)); // no timer is that long
        loop.Start();
        while (!loop.Pulse.IsStuck)
        {
            patience.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await loop.StopAsync();

        Assert.That(log.Lines, Is.EqualTo(new[]
        {
            (LogLevel.Critical,
                "Test duty ended because of a bug in Mirai. The duty is not done any more: restart the process"),
        }));
    }

    [Test]
    public async Task Loop_RepeatsThePassSoon_WhileRedisIsAway()
    {
        var failures = 3;
        var loop = Create(_ => failures-- > 0 ? throw new TimeoutException("away") : Task.FromResult(Pause));

        loop.Start();
        loop.LookNow();
        foreach (var bound in (double[])[0.05, 0.1, 0.2])
        {
            Assert.That(await time.NextTimerAsync(), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(bound)));
            Assert.That(health.AwaySince, Is.Not.Null);
            time.Advance(TimeSpan.FromSeconds(bound));
        }

        Assert.That(await time.NextTimerAsync(), Is.EqualTo(Pause), "a signal from before costs one more pass");
        Assert.That(health.AwaySince, Is.Null);
        Assert.That(
            healthLog.Lines.Select(line => line.Level),
            Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Information }));
        Assert.That(log.Lines, Is.Empty, "one log for all loops");
        await loop.StopAsync();
    }

    [Test]
    public async Task Loop_SaysNothingOfRedis_WhenThePassDidNotAskIt()
    {
        health.Failed(new TimeoutException());
        var loop = Create(_ => Task.FromResult(Pause), asksRedis: false);

        loop.Start();
        await time.NextTimerAsync();

        Assert.That(health.AwaySince, Is.Not.Null);
        await loop.StopAsync();
    }

    [Test]
    public async Task Loop_LogsAFailureThatLasts_OnceAMinuteAndAtItsEnd()
    {
        var fails = true;
        var loop = Create(_ => fails ? throw new InvalidOperationException("broken") : Task.FromResult(Pause));

        loop.Start();
        for (var second = 0; second < 150; second += 2)
        {
            await time.NextTimerAsync();
            time.Advance(TimeSpan.FromSeconds(2));
        }

        fails = false;
        while (await time.NextTimerAsync() != Pause)
        {
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.That(log.Lines.Select(line => line.Level), Is.EqualTo(
            new[] { LogLevel.Error, LogLevel.Error, LogLevel.Error, LogLevel.Information }));
        Assert.That(log.Lines.Select(line => line.Message), Is.All.StartsWith("Test duty "));
        await loop.StopAsync();
    }

    [Test]
    public async Task Pulse_IsStuck_WhenAPassDoesNotEnd()
    {
        var entered = new TaskCompletionSource();
        var loop = Create(_ => NeverAsync(entered));
        loop.Start();
        await entered.Task;

        time.Advance(LoopPulse.Patience);

        Assert.That(loop.Pulse.IsStuck, Is.True);
        await loop.StopAsync();
        Assert.That(loop.Pulse.IsStuck, Is.False);
    }

    [Test]
    public async Task Passes_HaveNoPartInTheTraceOfWhoeverStartsTheLoop()
    {
        var current = new TaskCompletionSource<Activity?>();
        var loop = Create(_ =>
        {
            current.TrySetResult(Activity.Current);
            return Task.FromResult(Pause);
        });

        using (var request = new Activity("request").Start())
        {
            loop.Start();
            Assert.That(await current.Task, Is.Null);
        }

        await loop.StopAsync();
    }

    private static Task<TimeSpan> NeverAsync(TaskCompletionSource entered)
    {
        entered.SetResult();
        return new TaskCompletionSource<TimeSpan>().Task;
    }

    private TestLoop Create(
        Func<CancellationToken, Task<TimeSpan>> pass, TimeSpan firstPause = default, TimeSpan stopPatience = default,
        bool asksRedis = true) => new(pass, firstPause, stopPatience, asksRedis, health, time, log);

    private sealed class TestLoop(
        Func<CancellationToken, Task<TimeSpan>> pass, TimeSpan firstPause, TimeSpan stopPatience, bool asksRedis,
        RedisHealth health, TimeProvider time, ILogger<Loop> log) : Loop(health, time, log)
    {
        private int passes;

        public override string Name => "Test duty";

        public int Passes => Volatile.Read(ref passes);

        public int Ends { get; private set; }

        protected override TimeSpan FirstPause => firstPause;

        protected override TimeSpan StopPatience => stopPatience;

        internal override bool HasAskedRedis => asksRedis;

        public void LookNow() => RunNow();

        internal override Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref passes);
            return pass(cancellationToken);
        }

        protected override Task EndAsync()
        {
            Ends++;
            return base.EndAsync();
        }
    }
}
