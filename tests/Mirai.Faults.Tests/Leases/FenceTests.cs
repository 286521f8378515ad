using Mirai.Faults.Tests.Harness;
using Mirai.Faults.Worker;

namespace Mirai.Faults.Tests.Leases;

/// <summary>A worker that comes back while another worker runs its tasks: the other worker's runs end as if the first
/// had never existed.</summary>
internal sealed class FenceTests : FaultTest
{
    /// <summary>What keeps the first worker from its tasks.</summary>
    public enum Absence
    {
        Frozen,
        FrozenWithClockAhead,
        FrozenWithClockBehind,
        Reset,
        Swallowed,
        Delayed,
    }

    [Test]
    public async Task StaleWorker_ChangesNothing_WhenMiraiRunsItsTasks([Values] Absence absence)
    {
        var (stale, end) = await LoseTasksAsync(absence);
        var owner = await StartWorkerAsync(Settings());
        await owner.WaitForStartAsync("ends", "runs");

        await ReturnAsync(stale, end);

        await AssertStillRunningAsync();
        Assert.That(owner.Events.Where(one => one.Kind == "end"), Is.Empty, "the owner's handlers run");
        owner.Release("ends", "runs");
        await WaitForCompletedAsync("default", 2);
        await AssertRanOnceAsync(stale);
        Assert.That(owner.Started, Is.EquivalentTo(new[] { "ends", "runs" }));
    }

    [Test]
    public async Task StaleWorker_ChangesNothing_WhenGoRunsItsTasks([Values] Absence absence)
    {
        var (stale, end) = await LoseTasksAsync(absence);
        var owner = Own(await GoWorker.StartAsync(Redis, "default", WorkerTimes.Short));

        await ReturnAsync(stale, end);

        await AssertStillRunningAsync();
        foreach (var id in (string[])["ends", "runs"])
        {
            Assert.That(await owner.CompleteAsync(id), Is.True, $"Go finds {id} as it left it");
        }

        await AssertRanOnceAsync(stale);
    }

    // One task whose handler returns during the absence or at its end, and one whose handler goes on. Both go back to
    // the queue, as recovery puts them back, when the stale worker's lease has run out by its own clock. A worker that
    // is only slow keeps both slots busy: it could take the tasks again.
    private async Task<(WorkerProcess Stale, Action End)> LoseTasksAsync(Absence absence)
    {
        var offset = absence switch
        {
            Absence.FrozenWithClockAhead => TimeSpan.FromMinutes(5),
            Absence.FrozenWithClockBehind => TimeSpan.FromMinutes(-5),
            _ => TimeSpan.Zero,
        };
        var proxy = StartProxy();
        await AddAsync("default", "wait", "", "ends", "runs");
        var stale = await StartWorkerAsync(
            Settings("default", "own") with { RedisUrl = proxy.Url, ClockOffset = offset, Concurrency = 2 });
        await stale.WaitForStartAsync("ends", "runs");

        var end = await BeginAsync(absence, stale, proxy);
        if (absence != Absence.Delayed)
        {
            stale.Release("ends");
        }

        await WaitUntilAsync(
            async () => (Time.GetUtcNow() + offset).ToUnixTimeSeconds() > await LastLeaseAsync(), "the leases end");
        await PutBackAsync("ends", "runs");

        return (stale, end);
    }

    private static async Task<Action> BeginAsync(Absence absence, WorkerProcess stale, FaultProxy proxy)
    {
        switch (absence)
        {
            case Absence.Reset:
                await proxy.RefuseAsync();
                return proxy.Pass;
            case Absence.Swallowed:
                proxy.Swallow();
                return proxy.Pass;
            case Absence.Delayed: // what the worker sends before the takeover arrives after it
                proxy.Slow(TimeSpan.FromSeconds(14));
                return proxy.Pass;
            default:
                stale.Freeze();
                return stale.Thaw;
        }
    }

    private async Task<double> LastLeaseAsync() =>
        (await Redis.SortedSetRangeByRankWithScoresAsync("asynq:{default}:lease", -1, -1))[0].Score;

    private async Task PutBackAsync(params IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            var transaction = Redis.CreateTransaction();
            _ = transaction.ListRemoveAsync("asynq:{default}:active", id);
            _ = transaction.SortedSetRemoveAsync("asynq:{default}:lease", id);
            _ = transaction.ListRightPushAsync("asynq:{default}:pending", id);
            _ = transaction.HashSetAsync($"asynq:{{default}}:t:{id}", "state", "pending");
            await transaction.ExecuteAsync();
        }
    }

    // The stale worker has had its say when both handlers have ended, an outcome of another queue is written, and
    // four seconds of heartbeats went by.
    private async Task ReturnAsync(WorkerProcess stale, Action end)
    {
        stale.Release("ends");
        end();
        await stale.WaitForEndAsync("ends", "runs");
        await AddAsync("own", "quick", "", "probe");
        await WaitForCompletedAsync("own", 1);
        await WaitForHeartbeatsAsync(stale, seconds: 4);
    }

    private async Task AssertStillRunningAsync()
    {
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.That(
            (await Redis.ListRangeAsync("asynq:{default}:active")).Select(id => id.ToString()),
            Is.EquivalentTo(new[] { "ends", "runs" }));
        foreach (var id in (string[])["ends", "runs"])
        {
            Assert.That(
                await Redis.SortedSetScoreAsync("asynq:{default}:lease", id),
                Is.InRange(now - 1, now + 31), $"the lease of {id} is the owner's");
            Assert.That(await ChargeAsync("default", id), Is.EqualTo("active, 0 retried, ''"));
        }
    }

    // A stop writes what a worker still has to say.
    private async Task AssertRanOnceAsync(WorkerProcess stale)
    {
        stale.Terminate();
        Assert.That(await stale.WaitForExitAsync(), Is.Zero);
        foreach (var id in (string[])["ends", "runs"])
        {
            Assert.That(await ChargeAsync("default", id), Is.EqualTo("completed, 0 retried, ''"));
        }

        Assert.That(await CountersAsync("default"), Is.EqualTo("2 processed, 0 failed"));
        await AssertNothingIsLeftAsync("default");
    }
}
