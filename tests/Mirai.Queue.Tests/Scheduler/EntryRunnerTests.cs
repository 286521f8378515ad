using Mirai.Queue.Scheduler;
using Mirai.Queue.Tests.Server;
using StackExchange.Redis;

namespace Mirai.Queue.Tests.Scheduler;

internal sealed class EntryRunnerTests : SchedulerTest
{
    private const string Enqueue = "EnqueueTickAsync";

    [Test]
    public async Task RunOnce_EnqueuesTick_OnceItIsDue()
    {
        var runner = Runner(Periodic("@every 10s"));

        Assert.That(await RunAsync(runner), Is.EqualTo(TimeSpan.FromSeconds(10)), "the pause until the first tick");
        Assert.That(await PendingAsync(), Is.Zero);
        Pass(10);
        await RunAsync(runner);

        Assert.That(await PendingAsync(), Is.EqualTo(1));
        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 10d }));
        Assert.That(After[0].Task!.State, Is.EqualTo(TaskState.Pending));
        Assert.That((await StoredAsync(After[0].Task!.Id)).Type, Is.EqualTo("mail:digest"));
    }

    [Test]
    public async Task RunOnce_EnqueuesTickOnce_WhenSeveralSchedulersHaveTheEntry()
    {
        var task = Periodic("@every 10s");
        EntryRunner[] runners = [Runner(task), Runner(task), Runner(task)];

        for (var tick = 0; tick < 20; tick++)
        {
            await Task.WhenAll(runners.Select(RunAsync));
            Pass(10);
            await Task.WhenAll(runners.Select(RunAsync));
            await WorkAsync();
        }

        Assert.That(EnqueuedTicks(), Is.EqualTo(Enumerable.Range(1, 20).Select(tick => 10d * tick)));
        Assert.That(runners.Select(runner => runner.Times.Previous), Is.All.EqualTo(At(200)));
    }

    [Test]
    public async Task RunOnce_KeepsPhase_WhenAnotherSchedulerStartsLater()
    {
        await RunAsync(Runner(Periodic("@every 10s")));
        Pass(7);

        var second = Runner(Periodic("@every 10s"));
        await RunAsync(second);

        Assert.That(second.Times.Next, Is.EqualTo(At(10)));
    }

    [TestCase(MissedTickPolicy.Skip, new double[] { })]
    [TestCase(MissedTickPolicy.Once, new double[] { 30 })]
    [TestCase(MissedTickPolicy.All, new double[] { 10, 20, 30 })]
    public async Task RunOnce_FollowsPolicy_WhenTicksWereMissed(MissedTickPolicy missed, double[] expected)
    {
        var task = Periodic("@every 10s") with { Missed = missed };
        await RunAsync(Runner(task));
        Pass(35);

        var later = Runner(task);
        await RunAsync(later);

        Assert.That(EnqueuedTicks(), Is.EqualTo(expected));
        Assert.That(await PendingAsync(), Is.EqualTo(expected.Length));
        Assert.That(later.Times.Next, Is.EqualTo(At(40)), "the phase stays");
    }

    [Test]
    public async Task RunOnce_MissesNothing_WhenEntryIsNew()
    {
        Pass(1234);

        await RunAsync(Runner(Periodic("* * * * * *") with { Missed = MissedTickPolicy.All }));

        Assert.That(await PendingAsync(), Is.Zero);
    }

    [Test]
    public async Task RunOnce_MissesNothing_WhenSpecOfNamedEntryHasChanged()
    {
        await RunAsync(Runner(Periodic("@every 1h") with { Name = "digest" }));
        Pass(1800);

        var changed = Runner(Periodic("* * * * * *") with { Name = "digest", Missed = MissedTickPolicy.All });
        await RunAsync(changed);
        Pass(2);
        await RunAsync(changed);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 1801d, 1802d }));
    }

    [Test]
    public async Task RunOnce_TriesAgain_UntilRedisTakesTheTick()
    {
        var runner = Runner(Periodic("@every 10s"));
        await RunAsync(runner);
        Pass(10);

        Faults.FailNext(Enqueue, 2, FaultyStore.Fault.NotSent);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.InstanceOf<RedisConnectionException>());
        Pass(4);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.InstanceOf<RedisConnectionException>());
        Pass(4);
        await RunAsync(runner);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 10d }));
        Assert.That(After, Has.Count.EqualTo(1), "one tick, one call");
    }

    [Test]
    public async Task RunOnce_GivesTickUp_WhenTheNextIsDue()
    {
        var runner = Runner(Periodic("@every 10s"));
        await RunAsync(runner);
        Pass(10);

        Faults.FailNext(Enqueue, 1, FaultyStore.Fault.Refused);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.InstanceOf<RedisServerException>());
        Pass(10);
        await RunAsync(runner);

        Assert.That(After.Select(call => call.Tick), Is.EqualTo(new[] { At(10), At(20) }));
        Assert.That(After[0].Error, Is.InstanceOf<RedisServerException>());
        Assert.That(After[1].Task, Is.Not.Null);
        Assert.That(await PendingAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_MakesEverythingUp_WhenRedisWasAwayAndNothingMayBeMissed()
    {
        var runner = Runner(Periodic("@every 10s") with { Missed = MissedTickPolicy.All });
        await RunAsync(runner);

        Faults.FailNext(Enqueue, 1, FaultyStore.Fault.NotSent);
        Pass(10);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.Exception);
        Pass(20);
        await RunAsync(runner);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 10d, 20d, 30d }));
    }

    [Test]
    public async Task RunOnce_KnowsItsOwnTask_WhenTheReplyGotLost()
    {
        var runner = Runner(Periodic("@every 10s"));
        await RunAsync(runner);
        Pass(10);

        Faults.FailNext(Enqueue, 1, FaultyStore.Fault.ReplyLost);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.Exception);
        await RunAsync(runner);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 10d }));
        Assert.That(await PendingAsync(), Is.EqualTo(1));
        Assert.That(await Redis.SortedSetLengthAsync($"asynq:scheduler_history:{runner.Entry.Id}"), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_LeavesTickOut_WhileTheLastTaskIsNotDone()
    {
        var runner = Runner(Periodic("@every 5s") with { Overlap = OverlapPolicy.Skip });
        for (var tick = 0; tick < 6; tick++)
        {
            await RunAsync(runner);
            Pass(5);
        }

        Assert.That(await PendingAsync(), Is.EqualTo(1), "nothing piles up");
        await WorkAsync();
        await RunAsync(runner);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 5d, 30d }));
    }

    [Test]
    public async Task RunOnce_ReportsRefusal_WhenAnEqualTaskHoldsTheLock()
    {
        var runner = Runner(Periodic("@every 10s") with
        {
            Options = new EnqueueOptions { Queue = "mail", UniqueFor = TimeSpan.FromMinutes(1) },
        });
        await RunAsync(runner);
        Pass(10);
        await RunAsync(runner);
        Pass(10);
        await RunAsync(runner);

        Assert.That(After[1].Error, Is.InstanceOf<DuplicateTaskException>());
        Assert.That(runner.Times.Previous, Is.EqualTo(At(20)), "a refused tick is settled");
        Assert.That(await Redis.SortedSetLengthAsync($"asynq:scheduler_history:{runner.Entry.Id}"), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_CallsHooks_BeforeAndAfter()
    {
        var calls = new List<string>();
        var runner = Runner(Periodic("@every 10s"), options =>
        {
            options.BeforeEnqueue = tick => Note(calls, $"before {tick.DueAt.ToUnixTimeSeconds() - Now}");
            options.AfterEnqueue = (tick, task, _) => Note(calls, $"after {tick.EntryId == ""} {task!.Queue}");
        });
        await RunAsync(runner);
        Pass(10);

        Faults.FailNext(Enqueue, 1, FaultyStore.Fault.NotSent);
        await Assert.ThatAsync(() => RunAsync(runner), Throws.Exception);
        await RunAsync(runner);

        Assert.That(calls, Is.EqualTo(new[] { "before 10", "after False mail" }));
    }

    [Test]
    public async Task RunOnce_EnqueuesAllTheSame_WhenHooksFail()
    {
        var runner = Runner(Periodic("@every 10s"), options =>
        {
            options.BeforeEnqueue = _ => throw new InvalidOperationException("on purpose");
            options.AfterEnqueue = (_, _, _) => Task.FromException(new InvalidOperationException("on purpose"));
        });
        await RunAsync(runner);
        Pass(10);
        await RunAsync(runner);

        Assert.That(await PendingAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task RunOnce_GoesOn_WhenSomebodyWithAWrongClockHadTheEntry()
    {
        var runner = Runner(Periodic("@every 10s"));
        await RunAsync(runner);
        await Redis.HashSetAsync($"asynq:{{mail}}:periodic:{runner.Entry.Key.Name}", "tick", Now + 1_000_000);
        Pass(10);

        await RunAsync(runner);
        var restarted = Runner(Periodic("@every 10s"));
        Pass(10);
        await RunAsync(restarted);

        Assert.That(EnqueuedTicks(), Is.EqualTo(new[] { 10d, 20d }));
    }

    [Test]
    public async Task RunOnce_EndsBetweenTicks_WhenTheSchedulerStops()
    {
        using var stopping = new CancellationTokenSource();
        var runner = Runner(Periodic("@every 10s") with { Missed = MissedTickPolicy.All }, options =>
            options.AfterEnqueue = (_, _, _) => stopping.CancelAsync());
        await RunAsync(runner);
        Pass(1000);

        await runner.RunOnceAsync(stopping.Token);

        Assert.That(await PendingAsync(), Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task RunOnce_GoesOn_WhenAHookNeverReturns(bool blocks)
    {
        using var release = new ManualResetEventSlim();
        var reached = new TaskCompletionSource();
        var runner = Runner(Periodic("@every 10s"), options => options.BeforeEnqueue = _ =>
        {
            if (!reached.TrySetResult())
            {
                return Task.CompletedTask;
            }

            if (blocks)
            {
                release.Wait();
            }

            return new TaskCompletionSource().Task;
        });
        await RunAsync(runner);
        Pass(10);
        var pass = RunAsync(runner);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));

        for (var step = 0; step < 1_000 && !pass.IsCompleted; step++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Redis.PingAsync();
        }

        release.Set();
        await pass.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(EnqueuedTicks().First(), Is.EqualTo(10d), "the tick is enqueued");
    }

    [Test]
    public async Task RunOnce_NeverWaitsLong_SinceClocksMayBeSet()
    {
        var pause = await RunAsync(Runner(Periodic("@yearly")));

        Assert.That(pause, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    private static Task<TimeSpan> RunAsync(EntryRunner runner) => runner.RunOnceAsync(CancellationToken.None);

    private static Task Note(List<string> calls, string call)
    {
        calls.Add(call);
        return Task.CompletedTask;
    }

    private static DateTimeOffset At(int seconds) => DateTimeOffset.FromUnixTimeSeconds(Now + seconds);
}
